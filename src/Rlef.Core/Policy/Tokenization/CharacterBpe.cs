using System.Buffers;
using System.Text;
using Microsoft.ML.Tokenizers;

namespace Rlef.Policy;

/// <summary>
/// Byte-pair encoding over characters, as SentencePiece's files have it (Llama 2), by the library's merges. The library's own reader of such files is not
/// used: of two equally good joins it takes the rightmost, where SentencePiece and Hugging Face take the leftmost, and it joins whatever spells a token,
/// with or without a merge. What its merges lack is here: characters without a token are spelled in bytes.
/// </summary>
sealed class CharacterBpe
{
    readonly BpeTokenizer merger;
    readonly HashSet<Rune> known;
    readonly int[]? bytes;
    readonly int? unknown;
    readonly bool fuse;

    CharacterBpe(BpeTokenizer merger, HashSet<Rune> known, int[]? bytes, int? unknown, bool fuse) =>
        (this.merger, this.known, this.bytes, this.unknown, this.fuse) = (merger, known, bytes, unknown, fuse);

    /// <param name="merges">"left right", the first to be made first.</param>
    /// <param name="byteFallback">Spells characters without a token in bytes; otherwise <paramref name="unknown"/> stands for them, or nothing.</param>
    /// <param name="fuse">One unknown token stands for a run of characters without a token.</param>
    /// <exception cref="InvalidDataException">The vocabulary lacks a byte, or what a merge makes.</exception>
    public static TextEncoder Encoder(IReadOnlyDictionary<string, int> vocabulary, IReadOnlyList<string> merges, bool byteFallback, int? unknown, bool fuse)
    {
        HashSet<Rune> known = [];
        foreach (var token in vocabulary.Keys)
            if (Rune.DecodeFromUtf16(token, out var rune, out var length) == OperationStatus.Done && length == token.Length)
                known.Add(rune);
        List<(string, string)> pairs = new(merges.Count);
        foreach (var merge in merges)
        {
            var space = merge.IndexOf(' ');
            Id(merge.Remove(space, 1), "model.merges makes");
            pairs.Add((merge[..space], merge[(space + 1)..]));
        }
        var bytes = byteFallback ? Enumerable.Range(0, 256).Select(b => Id($"<0x{b:X2}>", "model.byte_fallback needs")).ToArray() : null;
        var merger = BpeTokenizer.Create(new BpeOptions(vocabulary) { Merges = merges });
        return new(new CharacterSplitter(known, pairs), new CharacterBpe(merger, known, bytes, unknown, fuse).Encode);

        int Id(string token, string reason) => vocabulary.TryGetValue(token, out var id) ? id : throw new InvalidDataException($"{reason} '{token}', which the vocabulary lacks.");
    }

    // A word of the splitter's has characters of one kind.
    int[] Encode(string word)
    {
        var utf8 = Encoding.UTF8.GetBytes(word);
        Rune.DecodeFromUtf8(utf8, out var first, out _);
        if (known.Contains(first))
            return [.. merger.EncodeToIds(Encoding.UTF8.GetString(utf8), considerPreTokenization: false, considerNormalization: false)];
        if (bytes is not null)
            return [.. utf8.Select(b => bytes[b])];
        return unknown is { } id ? [.. Enumerable.Repeat(id, fuse ? 1 : word.EnumerateRunes().Count())] : [];
    }
}
