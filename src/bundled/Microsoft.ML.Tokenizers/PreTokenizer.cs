using System.Text.RegularExpressions;

namespace Microsoft.ML.Tokenizers;

/// <summary>Splits a text into the pieces that are encoded each for itself.</summary>
public abstract class PreTokenizer
{
    public abstract IEnumerable<(int Offset, int Length)> PreTokenize(string text);
}

/// <summary>Splits at the matches of a regular expression; special tokens stay whole.</summary>
public sealed class RegexPreTokenizer(Regex regex, IReadOnlyDictionary<string, int>? specialTokens) : PreTokenizer
{
    readonly Regex? special = specialTokens is { Count: > 0 }
        ? new Regex(string.Join('|', specialTokens.Keys.OrderByDescending(t => t.Length).Select(Regex.Escape)), RegexOptions.Compiled)
        : null;

    public override IEnumerable<(int Offset, int Length)> PreTokenize(string text)
    {
        var at = 0;
        foreach (Match mark in special?.Matches(text) ?? Enumerable.Empty<Match>())
        {
            foreach (var piece in Split(text, at, mark.Index))
                yield return piece;
            yield return (mark.Index, mark.Length);
            at = mark.Index + mark.Length;
        }
        foreach (var piece in Split(text, at, text.Length))
            yield return piece;
    }

    IEnumerable<(int Offset, int Length)> Split(string text, int start, int end)
    {
        var at = start;
        // The slice is matched on its own, so that look-ahead sees its end.
        foreach (Match match in regex.Matches(text[start..end]))
        {
            if (start + match.Index > at)
                yield return (at, start + match.Index - at);
            if (match.Length > 0)
                yield return (start + match.Index, match.Length);
            at = start + match.Index + match.Length;
        }
        if (at < end)
            yield return (at, end - at);
    }
}
