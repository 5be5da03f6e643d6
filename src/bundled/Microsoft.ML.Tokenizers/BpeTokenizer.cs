using System.Buffers;
using System.Text;

namespace Microsoft.ML.Tokenizers;

/// <summary>Byte-pair encoding over bytes, as in GPT-2.</summary>
public sealed class BpeTokenizer : Tokenizer
{
    readonly Dictionary<int, byte[]> bytes;
    readonly MergeTable merges;
    readonly int[] letters = new int[256];
    readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>>? special;
    readonly WordCache cache = new();

    BpeTokenizer(BpeOptions options)
    {
        if (!options.ByteLevel)
            throw new NotSupportedException("Only byte-level vocabularies are supported.");
        (PreTokenizer, Normalizer) = (options.PreTokenizer, options.Normalizer);
        var vocabulary = new Dictionary<string, int>(options.Vocabulary);
        bytes = new(vocabulary.Count);
        foreach (var (token, id) in vocabulary)
            bytes[id] = ByteSpelling.Bytes(token);
        for (var b = 0; b < 256; b++)
            letters[b] = vocabulary.GetValueOrDefault(ByteSpelling.Letter(b).ToString(), -1);
        if (options.SpecialTokens is { Count: > 0 } tokens)
        {
            special = new Dictionary<string, int>(tokens).GetAlternateLookup<ReadOnlySpan<char>>();
            foreach (var (token, id) in tokens)
                bytes[id] = Encoding.UTF8.GetBytes(token);
        }
        var lookup = vocabulary.GetAlternateLookup<ReadOnlySpan<char>>();
        var list = options.Merges?.ToList() ?? [];
        merges = new MergeTable(list.Count);
        Span<char> joined = stackalloc char[512];
        for (var rank = 0; rank < list.Count; rank++)
        {
            var merge = list[rank].AsSpan();
            var space = merge.IndexOf(' ');
            if (space < 1 || merge.Length > joined.Length)
                throw new InvalidOperationException($"The merge '{list[rank]}' is not two tokens separated by a space.");
            merge[..space].CopyTo(joined);
            merge[(space + 1)..].CopyTo(joined[space..]);
            merges.Add(Id(merge[..space]), Id(merge[(space + 1)..]), rank, Id(joined[..(merge.Length - 1)]));
        }

        int Id(ReadOnlySpan<char> token) => lookup.TryGetValue(token, out var id)
            ? id
            : throw new InvalidOperationException($"A merge needs the token '{token}', which the vocabulary lacks.");
    }

    public static BpeTokenizer Create(BpeOptions options) => new(options);

    public override PreTokenizer? PreTokenizer { get; }
    public override Normalizer? Normalizer { get; }

    private protected override void Encode(ReadOnlySpan<char> piece, List<int> ids)
    {
        if (special is { } tokens && tokens.TryGetValue(piece, out var id))
        {
            ids.Add(id);
            return;
        }
        if (!cache.TryGet(piece, out var known))
        {
            Merge(piece, ids);
            return;
        }
        Append(ids, known);
    }

    void Merge(ReadOnlySpan<char> piece, List<int> ids)
    {
        var most = Encoding.UTF8.GetMaxByteCount(piece.Length);
        var text = ArrayPool<byte>.Shared.Rent(most);
        var rented = ArrayPool<int>.Shared.Rent(most);
        var symbols = rented.AsSpan(0, Encoding.UTF8.GetBytes(piece, text));
        var count = 0;
        // Bytes that the vocabulary lacks are left out.
        for (var i = 0; i < symbols.Length; i++)
            if (letters[text[i]] >= 0)
                symbols[count++] = letters[text[i]];
        symbols = symbols[..Merger.Merge(symbols[..count], merges)];
        cache.Add(piece, symbols);
        Append(ids, symbols);
        ArrayPool<byte>.Shared.Return(text);
        ArrayPool<int>.Shared.Return(rented);
    }

    public override string Decode(IEnumerable<int> ids)
    {
        var text = new ArrayBufferWriter<byte>();
        foreach (var id in ids)
            if (bytes.TryGetValue(id, out var token))
                text.Write(token);
        return Encoding.UTF8.GetString(text.WrittenSpan);
    }
}
