namespace Rlef.Policy;

/// <summary>Cuts a text into words that no token crosses, in order; what lies between them is left out.</summary>
interface ITextSplitter
{
    List<(int Offset, int Length)> Split(ReadOnlySpan<char> text);
}
