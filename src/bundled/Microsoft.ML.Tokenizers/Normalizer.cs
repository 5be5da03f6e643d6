namespace Microsoft.ML.Tokenizers;

/// <summary>Rewrites a text before it is split.</summary>
public abstract class Normalizer
{
    public abstract string Normalize(string original);
    public abstract string Normalize(ReadOnlySpan<char> original);
}
