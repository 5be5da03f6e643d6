using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.ML.Tokenizers;

namespace Rlef.Policy;

/// <summary>Reads and writes byte-level BPE tokenizers as Hugging Face's <c>tokenizer.json</c>.</summary>
public static class TokenizerFile
{
    /// <summary>GPT-2's pre-tokenizer with single digits, so that every number is spelled alike.</summary>
    public const string SingleDigitPattern = @"'(?:[sdmt]|ll|ve|re)| ?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+";

    /// <exception cref="InvalidDataException">The file is damaged or of another kind; the message names the field.</exception>
    public static PolicyTokenizer Load(string path) => Parse(File.ReadAllText(path), path);

    /// <param name="source">Named in errors.</param>
    public static PolicyTokenizer Parse(string json, string source = "tokenizer.json")
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var root = document.RootElement;
            var model = root.GetProperty("model");
            // GPT-2's own file names no type.
            if (model.TryGetProperty("type", out var type) && type.GetString() != "BPE")
                throw new InvalidDataException($"{source}: model.type is '{type.GetString()}'; Rlef reads 'BPE'.");
            var vocabulary = model.GetProperty("vocab").EnumerateObject().ToDictionary(p => p.Name, p => p.Value.GetInt32());
            var merges = model.GetProperty("merges").EnumerateArray()
                .Select(m => m.ValueKind == JsonValueKind.Array ? $"{m[0].GetString()} {m[1].GetString()}" : m.GetString()!).ToList();
            var special = root.TryGetProperty("added_tokens", out var added)
                ? added.EnumerateArray().ToDictionary(t => t.GetProperty("content").GetString()!, t => t.GetProperty("id").GetInt32())
                : [];
            var pattern = FindPattern(root.GetProperty("pre_tokenizer"));
            var options = new BpeOptions(vocabulary.Where(v => !special.ContainsKey(v.Key)))
            {
                ByteLevel = true,
                Merges = merges,
                PreTokenizer = new RegexPreTokenizer(new Regex(pattern, RegexOptions.Compiled), null),
            };
            return new PolicyTokenizer(BpeTokenizer.Create(options), special, vocabulary.Values.Concat(special.Values).Max() + 1);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new InvalidDataException($"{source} is not a byte-level BPE tokenizer: {e.Message}", e);
        }
    }

    // The pattern stands in a Split, alone or in a Sequence; without one, the ByteLevel step splits as GPT-2 does.
    static string FindPattern(JsonElement step)
    {
        if (step.TryGetProperty("pretokenizers", out var steps))
            return steps.EnumerateArray().Where(s => s.GetProperty("type").GetString() == "Split").Select(FindPattern).FirstOrDefault() ?? Gpt2Pattern;
        return step.TryGetProperty("pattern", out var pattern) ? pattern.GetProperty("Regex").GetString()! : Gpt2Pattern;
    }

    const string Gpt2Pattern = @"'(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+";

    /// <summary>The file's text for a vocabulary and merges as <see cref="BpeTrainer"/> makes them.</summary>
    public static string ToJson(IReadOnlyList<string> vocabulary, IReadOnlyList<string> merges, IReadOnlyList<string> special, string pattern)
    {
        var root = new JsonObject
        {
            ["version"] = "1.0",
            ["added_tokens"] = new JsonArray([.. special.Select((s, i) => (JsonNode)new JsonObject
            {
                ["id"] = vocabulary.Count + i, ["content"] = s, ["single_word"] = false, ["lstrip"] = false, ["rstrip"] = false,
                ["normalized"] = false, ["special"] = true,
            })]),
            ["normalizer"] = null,
            ["pre_tokenizer"] = new JsonObject
            {
                ["type"] = "Sequence",
                ["pretokenizers"] = new JsonArray(
                    new JsonObject { ["type"] = "Split", ["pattern"] = new JsonObject { ["Regex"] = pattern }, ["behavior"] = "Isolated", ["invert"] = false },
                    new JsonObject { ["type"] = "ByteLevel", ["add_prefix_space"] = false, ["trim_offsets"] = true, ["use_regex"] = false }),
            },
            ["decoder"] = new JsonObject { ["type"] = "ByteLevel", ["add_prefix_space"] = true, ["trim_offsets"] = true, ["use_regex"] = true },
            ["model"] = new JsonObject
            {
                ["type"] = "BPE",
                ["vocab"] = new JsonObject(vocabulary.Select((token, id) => KeyValuePair.Create(token, (JsonNode?)id))),
                ["merges"] = new JsonArray([.. merges.Select(m => (JsonNode)m)]),
            },
        };
        return root.ToJsonString(new JsonSerializerOptions { WriteIndented = true }) + "\n";
    }
}
