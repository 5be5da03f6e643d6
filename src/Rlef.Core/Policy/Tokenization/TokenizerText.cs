using System.Text.Json.Nodes;
using Rlef.Storage;

namespace Rlef.Policy;

/// <summary>The parts of a <c>tokenizer.json</c>, to be written.</summary>
static class TokenizerText
{
    public static string Write(IEnumerable<AddedToken> added, JsonNode? normalizer, JsonNode? preTokenizer, JsonNode? postProcessor, JsonNode decoder, JsonNode model) => new JsonObject
    {
        ["version"] = "1.0", ["truncation"] = null, ["padding"] = null,
        ["added_tokens"] = new JsonArray([.. added.OrderBy(t => t.Id).Select(t => (JsonNode)new JsonObject
        {
            ["id"] = t.Id, ["content"] = t.Content, ["single_word"] = t.WholeWord, ["lstrip"] = t.TakesLeft, ["rstrip"] = t.TakesRight, ["normalized"] = t.Normalized,
            ["special"] = t.Special,
        })]),
        ["normalizer"] = normalizer, ["pre_tokenizer"] = preTokenizer, ["post_processor"] = postProcessor, ["decoder"] = decoder, ["model"] = model,
    }.ToJsonString(JsonText.Indented) + "\n";

    public static JsonObject Step(string type, params ReadOnlySpan<(string Name, JsonNode? Value)> fields)
    {
        var step = new JsonObject { ["type"] = type };
        foreach (var (name, value) in fields)
            step[name] = value;
        return step;
    }

    /// <param name="name">Under which the steps stand, such as <c>decoders</c>.</param>
    public static JsonObject Sequence(string name, params JsonNode[] steps) => Step("Sequence", (name, new JsonArray(steps)));

    public static JsonObject Text(string text) => new() { ["String"] = text };

    /// <summary>Bytes by visible characters, as GPT-2's; a pre-tokenizer, post-processor and decoder.</summary>
    /// <param name="split">Whether words are split as GPT-2's.</param>
    public static JsonObject ByteLevel(bool split) => Step("ByteLevel", ("add_prefix_space", false), ("trim_offsets", true), ("use_regex", split));

    /// <summary>What puts tokens before and after a text; null if there are none.</summary>
    public static JsonObject? Template(IReadOnlyList<(string Text, int Id)> before, IReadOnlyList<(string Text, int Id)> after)
    {
        if (before.Count + after.Count == 0)
            return null;
        var special = new JsonObject();
        foreach (var (text, id) in before.Concat(after))
            special[text] = new JsonObject { ["id"] = text, ["ids"] = new JsonArray(id), ["tokens"] = new JsonArray(text) };
        return Step("TemplateProcessing", ("single", new JsonArray([.. Around("A", 0)])), ("pair", new JsonArray([.. Around("A", 0), .. Around("B", 1)])), ("special_tokens", special));

        IEnumerable<JsonNode> Around(string sequence, int type) =>
            [.. before.Select(t => Named("SpecialToken", t.Text, type)), Named("Sequence", sequence, type), .. after.Select(t => Named("SpecialToken", t.Text, type))];

        static JsonObject Named(string kind, string id, int type) => new() { [kind] = new JsonObject { ["id"] = id, ["type_id"] = type } };
    }

    public static JsonObject Bpe(IEnumerable<KeyValuePair<string, int>> vocabulary, IEnumerable<string> merges, params ReadOnlySpan<(string Name, JsonNode? Value)> fields)
    {
        var model = Step("BPE", ("dropout", null), ("unk_token", null), ("continuing_subword_prefix", null), ("end_of_word_suffix", null), ("fuse_unk", false), ("byte_fallback", false));
        foreach (var (name, value) in fields)
            model[name] = value;
        model["vocab"] = new JsonObject(vocabulary.Select(i => KeyValuePair.Create(i.Key, (JsonNode?)i.Value)));
        model["merges"] = new JsonArray([.. merges.Select(m => (JsonNode)m)]);
        return model;
    }
}
