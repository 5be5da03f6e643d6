using System.Text.Json;
using System.Text.Json.Nodes;
using Rlef.Storage;

namespace Rlef.Policy;

/// <summary>
/// Reads and writes tokenizers as Hugging Face's <c>tokenizer.json</c>: byte-pair encoding over bytes (GPT-2, Llama 3, Qwen) or over characters with bytes as
/// a last resort (Llama 2).
/// </summary>
public static class TokenizerFile
{
    /// <summary>GPT-2's pre-tokenizer with single digits, so that every number is spelled alike.</summary>
    public const string SingleDigitPattern = @"'(?:[sdmt]|ll|ve|re)| ?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+";

    /// <exception cref="InvalidDataException">The file is damaged or of another kind; the message names the field.</exception>
    public static PolicyTokenizer Load(string path) => Parse(Utf8File.Read(path), path);

    /// <param name="source">Named in errors.</param>
    public static PolicyTokenizer Parse(string json, string source = "tokenizer.json")
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return new TokenizerReader(new(document.RootElement, "")).Read();
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or ArgumentException or InvalidDataException)
        {
            throw new InvalidDataException($"{source} is no tokenizer that Rlef reads: {e.OneLine()}", e);
        }
    }

    /// <summary>The file's text for a vocabulary and merges as <see cref="BpeTrainer"/> makes them.</summary>
    public static string ToJson(IReadOnlyList<string> vocabulary, IReadOnlyList<string> merges, IReadOnlyList<string> special, string pattern)
    {
        var split = TokenizerText.Step("Split", ("pattern", new JsonObject { ["Regex"] = pattern }), ("behavior", "Isolated"), ("invert", false));
        return TokenizerText.Write(special.Select((s, i) => new AddedToken(s, vocabulary.Count + i, Special: true)), normalizer: null,
            TokenizerText.Sequence("pretokenizers", split, TokenizerText.ByteLevel(split: false)), postProcessor: null, TokenizerText.ByteLevel(split: true),
            TokenizerText.Bpe(vocabulary.Select((token, id) => KeyValuePair.Create(token, id)), merges));
    }
}
