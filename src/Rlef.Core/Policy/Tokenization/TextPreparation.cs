using Microsoft.ML.Tokenizers;

namespace Rlef.Policy;

/// <summary>What happens to a text before it is cut into tokens.</summary>
/// <param name="Normalizers">Applied in order.</param>
/// <param name="Prefix">Put before a text that does not begin with it; null for none.</param>
/// <param name="PrefixFirstOnly">Only at the very start, not after an added token.</param>
sealed record TextPreparation(IReadOnlyList<Normalizer> Normalizers, string? Prefix = null, bool PrefixFirstOnly = false)
{
    /// <param name="atStart">Whether nothing came before.</param>
    public string Apply(string text, bool atStart)
    {
        text = Normalize(text);
        return Prefix is not null && (atStart || !PrefixFirstOnly) && !text.StartsWith(Prefix, StringComparison.Ordinal) ? Prefix + text : text;
    }

    public string Normalize(string text)
    {
        foreach (var normalizer in Normalizers)
            text = normalizer.Normalize(text);
        return text;
    }
}
