using System.Buffers;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Unicode;

namespace Microsoft.ML.Tokenizers;

/// <summary>
/// SentencePiece's byte-pair encoding, as Llama 2 has it: over characters, spaces written as U+2581, and characters that the vocabulary lacks as
/// their bytes.
/// </summary>
public sealed class LlamaTokenizer : Tokenizer
{
    readonly SentencePieceModel model;
    readonly MergeTable merges;
    readonly Dictionary<int, int> letters = [];
    readonly int[] byteIds = new int[256];
    readonly byte[]?[] tokens;
    readonly bool addBeginning, addEnd;

    LlamaTokenizer(SentencePieceModel model, bool addBeginOfSentence, bool addEndOfSentence)
    {
        this.model = model;
        (addBeginning, addEnd) = (addBeginOfSentence, addEndOfSentence);
        var pieces = model.Pieces;
        tokens = new byte[]?[pieces.Count];
        Array.Fill(byteIds, -1);
        var ids = new Dictionary<string, int>(pieces.Count);
        for (var id = 0; id < pieces.Count; id++)
        {
            var (text, _, type) = pieces[id];
            if (type == SentencePieceModel.PieceType.Byte && text is ['<', '0', 'x', .. { Length: 2 } digits, '>']
                && byte.TryParse(digits, NumberStyles.HexNumber, null, out var value))
            {
                byteIds[value] = id;
                tokens[id] = [value];
            }
            else if (type is SentencePieceModel.PieceType.Normal or SentencePieceModel.PieceType.UserDefined && text.Length > 0)
            {
                ids.TryAdd(text, id);
                tokens[id] = Encoding.UTF8.GetBytes(text);
                if (Rune.DecodeFromUtf16(text, out var rune, out var length) == OperationStatus.Done && length == text.Length)
                    letters.TryAdd(rune.Value, id);
            }
        }
        merges = Merges(pieces, ids);
    }

    /// <param name="modelStream">A SentencePiece model of type BPE.</param>
    public static LlamaTokenizer Create(Stream modelStream, bool addBeginOfSentence = true, bool addEndOfSentence = false)
    {
        using var bytes = new MemoryStream();
        modelStream.CopyTo(bytes);
        var model = SentencePieceModel.Parse(bytes.GetBuffer().AsSpan(0, (int)bytes.Length));
        if (model.ModelType != 2)
            throw new ArgumentException("The model type is not Bpe.", nameof(modelStream));
        if (model.NormalizerName is not ("" or "identity"))
            throw new ArgumentException($"Normalization '{model.NormalizerName}' is not supported.", nameof(modelStream));
        return new(model, addBeginOfSentence, addEndOfSentence);
    }

    // Every way to cut a piece into two others merges at the piece's score; higher scores merge first.
    static MergeTable Merges(List<SentencePieceModel.Piece> pieces, Dictionary<string, int> ids)
    {
        var lookup = ids.GetAlternateLookup<ReadOnlySpan<char>>();
        List<(float Score, int Left, int Right, int Id)> found = [];
        foreach (var (text, id) in ids)
            for (var cut = 1; cut < text.Length; cut++)
                if (lookup.TryGetValue(text.AsSpan(0, cut), out var left) && lookup.TryGetValue(text.AsSpan(cut), out var right))
                    found.Add((pieces[id].Score, left, right, id));
        var merges = new MergeTable(found.Count);
        found.Sort((a, b) => b.Score.CompareTo(a.Score));
        var rank = 0;
        for (var i = 0; i < found.Count; i++)
        {
            if (i > 0 && found[i].Score != found[i - 1].Score)
                rank = i;
            merges.Add(found[i].Left, found[i].Right, rank, found[i].Id);
        }
        return merges;
    }

    private protected override void Encode(ReadOnlySpan<char> piece, List<int> ids)
    {
        if (piece.IsEmpty)
            return;
        if (addBeginning)
            ids.Add(model.BeginningId);
        piece = Normalized(piece);
        var rented = ArrayPool<int>.Shared.Rent(piece.Length);
        var count = 0;
        // A character outside of the vocabulary is kept as its negative, which merges with nothing.
        for (var at = 0; at < piece.Length;)
        {
            _ = Rune.DecodeFromUtf16(piece[at..], out var rune, out var length);
            rented[count++] = letters.TryGetValue(rune.Value, out var id) ? id : ~rune.Value;
            at += length;
        }
        foreach (var symbol in rented.AsSpan(0, Merger.Merge(rented.AsSpan(0, count), merges)))
            if (symbol >= 0)
                ids.Add(symbol);
            else
                Unknown(new Rune(~symbol), ids);
        ArrayPool<int>.Shared.Return(rented);
        if (addEnd)
            ids.Add(model.EndId);
    }

    ReadOnlySpan<char> Normalized(ReadOnlySpan<char> text)
    {
        if (model.RemoveExtraWhitespaces)
            text = string.Join(' ', text.ToString().Split(' ', StringSplitOptions.RemoveEmptyEntries));
        if (model.AddDummyPrefix)
            text = $" {text}";
        return model.EscapeWhitespaces ? text.ToString().Replace(' ', '\u2581') : text;
    }

    void Unknown(Rune rune, List<int> ids)
    {
        if (!model.ByteFallback)
        {
            ids.Add(model.UnknownId);
            return;
        }
        Span<byte> bytes = stackalloc byte[4];
        foreach (var b in bytes[..rune.EncodeToUtf8(bytes)])
            ids.Add(byteIds[b] >= 0 ? byteIds[b] : model.UnknownId);
    }

    public override string Decode(IEnumerable<int> ids)
    {
        var text = new StringBuilder();
        List<byte> run = [];
        foreach (var id in ids)
        {
            if ((uint)id >= (uint)tokens.Length || tokens[id] is not { } token)
                continue;
            if (model.Pieces[id].Type == SentencePieceModel.PieceType.Byte)
            {
                run.AddRange(token);
                continue;
            }
            Flush();
            text.Append(Encoding.UTF8.GetString(token));
        }
        Flush();
        if (model.EscapeWhitespaces)
            text.Replace('\u2581', ' ');
        return model.AddDummyPrefix && text is [' ', ..] ? text.ToString(1, text.Length - 1) : text.ToString();

        // A run of bytes that is no text becomes one replacement character a byte.
        void Flush()
        {
            var bytes = CollectionsMarshal.AsSpan(run);
            if (Utf8.IsValid(bytes))
                text.Append(Encoding.UTF8.GetString(bytes));
            else
                text.Append('\uFFFD', bytes.Length);
            run.Clear();
        }
    }
}
