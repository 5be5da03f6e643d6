using System.Text;
using System.Text.RegularExpressions;

namespace Rlef.Policy;

/// <summary>Learns a byte-level BPE vocabulary from texts (Sennrich et al. 2016).</summary>
public static class BpeTrainer
{
    /// <summary>Merges the most frequent pair until the vocabulary has the wanted size; of equally frequent pairs the ordinally smaller.</summary>
    /// <param name="size">Tokens, the 256 bytes included.</param>
    /// <returns>Tokens by id, and merges in order, in the visible spelling of bytes that tokenizer.json uses.</returns>
    public static (List<string> Vocabulary, List<string> Merges) Train(IEnumerable<string> texts, int size, string pattern)
    {
        var counts = new Dictionary<string, int>();
        var regex = new Regex(pattern, RegexOptions.Compiled);
        foreach (var text in texts)
            foreach (Match word in regex.Matches(text))
                counts[word.Value] = counts.GetValueOrDefault(word.Value) + 1;
        var words = counts.Select(c => (Parts: Encoding.UTF8.GetBytes(c.Key).Select(b => ByteSpelling.Of(b)).ToList(), Count: c.Value)).ToList();
        List<string> vocabulary = [.. Enumerable.Range(0, 256).Select(b => ByteSpelling.Of((byte)b))], merges = [];
        while (vocabulary.Count < size)
        {
            var pairs = new Dictionary<(string, string), int>();
            foreach (var (parts, count) in words)
                for (var i = 0; i + 1 < parts.Count; i++)
                    pairs[(parts[i], parts[i + 1])] = pairs.GetValueOrDefault((parts[i], parts[i + 1])) + count;
            if (pairs.Count == 0)
                break;
            var (left, right) = pairs.OrderByDescending(p => p.Value).ThenBy(p => p.Key.Item1, StringComparer.Ordinal)
                .ThenBy(p => p.Key.Item2, StringComparer.Ordinal).First().Key;
            merges.Add($"{left} {right}");
            vocabulary.Add(left + right);
            foreach (var (parts, _) in words)
                for (var i = 0; i + 1 < parts.Count; i++)
                    if (parts[i] == left && parts[i + 1] == right)
                    {
                        parts[i] = left + right;
                        parts.RemoveAt(i + 1);
                    }
        }
        return (vocabulary, merges);
    }
}
