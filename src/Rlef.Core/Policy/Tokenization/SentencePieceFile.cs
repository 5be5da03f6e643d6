using System.Buffers.Binary;
using System.Text;
using Microsoft.ML.Tokenizers;

namespace Rlef.Policy;

/// <summary>Tokenizers in the manner of SentencePiece, whatever file they come from: written as SentencePiece's own model, which the library reads.</summary>
static class SentencePieceFile
{
    enum Kind { Normal = 1, Unknown = 2, Control = 3, Byte = 6 }

    /// <summary>From a Hugging Face vocabulary: pieces score by the order of the merges that make them.</summary>
    /// <exception cref="InvalidDataException">The merges of a piece do not stand together, so that no score expresses them.</exception>
    public static Tokenizer Tokenizer(IReadOnlyDictionary<string, int> vocabulary, IReadOnlyList<string> merges, bool byteFallback, string? unknown)
    {
        var scores = new Dictionary<string, float>();
        string? last = null;
        foreach (var merge in merges)
        {
            var piece = merge.Remove(merge.IndexOf(' '), 1);
            if (!vocabulary.ContainsKey(piece))
                throw new InvalidDataException($"model.merges makes '{piece}', which the vocabulary lacks.");
            if (piece != last && !scores.TryAdd(piece, -scores.Count))
                throw new InvalidDataException(
                    $"model.merges comes back to '{piece}': this is no SentencePiece vocabulary, and without a ByteLevel step Rlef reads no other.");
            last = piece;
        }
        var pieces = new (string Text, float Score)[vocabulary.Values.DefaultIfEmpty(-1).Max() + 1];
        Array.Fill(pieces, ("", 0));
        foreach (var (text, id) in vocabulary)
            pieces[id] = (text, scores.GetValueOrDefault(text));
        return Tokenizer(pieces, byteFallback, unknown is not null && vocabulary.TryGetValue(unknown, out var at) ? at : 0);
    }

    /// <param name="pieces">By id; of two neighbours that join to a piece, those of the highest score join first.</param>
    public static Tokenizer Tokenizer(IReadOnlyList<(string Text, float Score)> pieces, bool byteFallback, int unknownId)
    {
        var model = new MemoryStream();
        Span<byte> number = stackalloc byte[4];
        for (var id = 0; id < pieces.Count; id++)
        {
            var (text, score) = pieces[id];
            var kind = id == unknownId ? Kind.Unknown : text is ['<', '0', 'x', _, _, '>'] ? Kind.Byte : text.Length == 0 ? Kind.Control : Kind.Normal;
            var piece = new MemoryStream();
            // The format wants each piece's text once.
            Field(piece, 1, Encoding.UTF8.GetBytes(text.Length == 0 ? $"<unused {id}>" : text));
            piece.WriteByte(2 << 3 | 5);
            BinaryPrimitives.WriteSingleLittleEndian(number, score);
            piece.Write(number);
            Field(piece, 3, (int)kind);
            Field(model, 1, piece.ToArray());
        }
        var trainer = new MemoryStream();
        Field(trainer, 3, 2);   // byte-pair encoding
        Field(trainer, 35, byteFallback ? 1 : 0);
        Field(trainer, 40, unknownId);
        Field(model, 2, trainer.ToArray());
        // Spaces are Rlef's own matter, so that added tokens can stand between texts.
        var normalizer = new MemoryStream();
        Field(normalizer, 1, "identity"u8.ToArray());
        foreach (var field in (int[])[3, 4, 5])
            Field(normalizer, field, 0);
        Field(model, 3, normalizer.ToArray());
        model.Position = 0;
        return LlamaTokenizer.Create(model, addBeginOfSentence: false, addEndOfSentence: false);
    }

    static void Field(MemoryStream message, int field, byte[] content)
    {
        Varint(message, field << 3 | 2);
        Varint(message, content.Length);
        message.Write(content);
    }

    static void Field(MemoryStream message, int field, int value)
    {
        Varint(message, field << 3);
        Varint(message, value);
    }

    static void Varint(MemoryStream message, int value)
    {
        for (; value > 0x7f; value >>= 7)
            message.WriteByte((byte)(value | 0x80));
        message.WriteByte((byte)value);
    }
}
