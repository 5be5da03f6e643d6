namespace Rlef.Storage;

/// <summary>Guesses what was meant by a word that is not known.</summary>
public static class Suggestion
{
    /// <returns>A sentence to stand behind another, with the space between; empty where nothing is near.</returns>
    public static string For(string word, IEnumerable<string> known) =>
        known.Select(k => (Word: k, Distance: Distance(word, k))).OrderBy(k => k.Distance).FirstOrDefault() is { Word: { } nearest } best
        && best.Distance <= Math.Max(2, word.Length / 3) ? $" Did you mean '{nearest}'?" : "";

    // Edits that turn one word into another: a letter added, dropped or changed, or two neighbours exchanged.
    static int Distance(string a, string b)
    {
        var d = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
            for (var j = 0; j <= b.Length; j++)
            {
                d[i, j] = i == 0 || j == 0 ? i + j
                    : Math.Min(d[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1), Math.Min(d[i - 1, j], d[i, j - 1]) + 1);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    d[i, j] = Math.Min(d[i, j], d[i - 2, j - 2] + 1);
            }
        return d[a.Length, b.Length];
    }
}
