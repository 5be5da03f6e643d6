using System.Collections.Concurrent;
using System.Text;

namespace Microsoft.ML.Tokenizers;

/// <summary>Byte-pair encoding (Sennrich et al. 2016), over bytes as in GPT-2.</summary>
public sealed class BpeTokenizer : Tokenizer
{
    const int CacheSize = 100_000;
    static readonly char[] ByteToChar = new char[256];
    static readonly Dictionary<char, byte> CharToByte = [];

    readonly Dictionary<string, int> vocabulary;
    readonly Dictionary<int, string> tokens;
    readonly Dictionary<(int, int), (int Rank, int Id)> merges = [];
    readonly IReadOnlyDictionary<string, int> special;
    readonly Dictionary<int, string> specialById;
    readonly PreTokenizer? preTokenizer;
    readonly Normalizer? normalizer;
    readonly ConcurrentDictionary<string, int[]> cache = new();

    static BpeTokenizer()
    {
        // Printable characters stand for themselves, the others are moved to 256 and up (GPT-2).
        var next = 256;
        for (var b = 0; b < 256; b++)
        {
            var visible = b is >= '!' and <= '~' or >= 0xA1 and <= 0xAC or >= 0xAE and <= 0xFF;
            ByteToChar[b] = (char)(visible ? b : next++);
            CharToByte[ByteToChar[b]] = (byte)b;
        }
    }

    BpeTokenizer(BpeOptions options)
    {
        if (!options.ByteLevel)
            throw new NotSupportedException("Only byte-level vocabularies are supported.");
        vocabulary = new(options.Vocabulary);
        tokens = vocabulary.ToDictionary(p => p.Value, p => p.Key);
        special = options.SpecialTokens ?? new Dictionary<string, int>();
        specialById = special.ToDictionary(p => p.Value, p => p.Key);
        (preTokenizer, normalizer) = (options.PreTokenizer, options.Normalizer);
        var rank = 0;
        foreach (var merge in options.Merges ?? [])
        {
            var space = merge.IndexOf(' ', 1);
            var (left, right) = (merge[..space], merge[(space + 1)..]);
            merges.TryAdd((vocabulary[left], vocabulary[right]), (rank++, vocabulary[left + right]));
        }
    }

    public static BpeTokenizer Create(BpeOptions options) => new(options);

    public IReadOnlyDictionary<string, int> Vocabulary => vocabulary;

    public override IReadOnlyList<int> EncodeToIds(string text, bool considerPreTokenization = true, bool considerNormalization = true)
    {
        if (considerNormalization && normalizer is not null)
            text = normalizer.Normalize(text);
        List<int> ids = new(text.Length / 3 + 4);
        if (!considerPreTokenization || preTokenizer is null)
            ids.AddRange(Word(text));
        else
            foreach (var (offset, length) in preTokenizer.PreTokenize(text))
                ids.AddRange(Word(text.Substring(offset, length)));
        return ids;
    }

    int[] Word(string word)
    {
        if (special.TryGetValue(word, out var id))
            return [id];
        if (cache.TryGetValue(word, out var known))
            return known;
        var ids = Merge(word);
        if (cache.Count < CacheSize)
            cache[word] = ids;
        return ids;
    }

    int[] Merge(string word)
    {
        List<int> ids = [];
        foreach (var b in Encoding.UTF8.GetBytes(word))
            if (vocabulary.TryGetValue(ByteToChar[b].ToString(), out var id))
                ids.Add(id);
        while (ids.Count > 1)
        {
            int best = int.MaxValue, at = -1, merged = 0;
            for (var i = 0; i + 1 < ids.Count; i++)
                if (merges.TryGetValue((ids[i], ids[i + 1]), out var merge) && merge.Rank < best)
                    (best, at, merged) = (merge.Rank, i, merge.Id);
            if (at < 0)
                break;
            ids[at] = merged;
            ids.RemoveAt(at + 1);
        }
        return [.. ids];
    }

    public override string? Decode(IEnumerable<int> ids)
    {
        List<byte> bytes = [];
        foreach (var id in ids)
            if (specialById.TryGetValue(id, out var name))
                bytes.AddRange(Encoding.UTF8.GetBytes(name));
            else if (tokens.TryGetValue(id, out var token))
                foreach (var c in token)
                    bytes.Add(CharToByte[c]);
        return Encoding.UTF8.GetString([.. bytes]);
    }
}
