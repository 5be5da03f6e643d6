using System.Text.Json;
using System.Text.Json.Nodes;

namespace Rlef.Policy;

/// <summary>The text of a <c>tokenizer.json</c> for scored pieces, as Hugging Face writes Llama 2's: spaces stand for U+2581, bytes for what has no piece.</summary>
static class SentencePieceJson
{
    /// <param name="pieces">By id; null where no token has it. Of two that can be joined, the pair that makes the piece of the highest score is, wherever it stands.</param>
    /// <param name="added">Tokens that stand for themselves, the unknown one among them; no merge makes one.</param>
    /// <param name="prefix">Whether a space is put before a text.</param>
    public static string Create(IReadOnlyList<(string Text, float Score)?> pieces, IReadOnlyList<AddedToken> added, string? unknown, bool prefix, string? begin, string? end)
    {
        var ids = new Dictionary<string, int>();
        for (var id = 0; id < pieces.Count; id++)
            if (pieces[id] is { } piece)
                ids.TryAdd(piece.Text, id);
        var apart = added.Select(t => t.Content).ToHashSet();
        var lookup = ids.GetAlternateLookup<ReadOnlySpan<char>>();
        var merges = new List<(float Score, int Id, string Merge)>();
        foreach (var (text, id) in ids.Where(i => !apart.Contains(i.Key)))
            for (var cut = 1; cut < text.Length; cut++)
                if (lookup.ContainsKey(text.AsSpan(0, cut)) && lookup.ContainsKey(text.AsSpan(cut)))
                    merges.Add((pieces[id]!.Value.Score, id, $"{text[..cut]} {text[cut..]}"));
        return TokenizerText.Write(added,
            normalizer: prefix ? TokenizerText.Sequence("normalizers", TokenizerText.Step("Prepend", ("prepend", "\u2581")), SpacesMarked()) : SpacesMarked(),
            preTokenizer: null,
            postProcessor: TokenizerText.Template(begin is null ? [] : [(begin, ids[begin])], end is null ? [] : [(end, ids[end])]),
            decoder: TokenizerText.Sequence("decoders",
            [
                TokenizerText.Step("Replace", ("pattern", TokenizerText.Text("\u2581")), ("content", " ")), TokenizerText.Step("ByteFallback"), TokenizerText.Step("Fuse"),
                .. prefix ? [TokenizerText.Step("Strip", ("content", " "), ("start", 1), ("stop", 0))] : (JsonObject[])[],
            ]),
            model: TokenizerText.Bpe(ids, merges.OrderByDescending(m => m.Score).ThenBy(m => m.Id).Select(m => m.Merge),
                ("unk_token", unknown), ("fuse_unk", true), ("byte_fallback", true)));
    }

    static JsonObject SpacesMarked() => TokenizerText.Step("Replace", ("pattern", TokenizerText.Text(" ")), ("content", "\u2581"));
}
