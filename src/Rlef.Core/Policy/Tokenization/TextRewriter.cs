using Microsoft.ML.Tokenizers;

namespace Rlef.Policy;

/// <summary>A normalizer that is a function.</summary>
sealed class TextRewriter(Func<string, string> rewrite) : Normalizer
{
    public override string Normalize(string original) => rewrite(original);
    public override string Normalize(ReadOnlySpan<char> original) => rewrite(original.ToString());
}
