using System.Text.Json.Nodes;

namespace Rlef.Policy;

/// <summary>How llama.cpp's names of pre-tokenizers cut a text into words, by the expressions that Hugging Face's files have for it.</summary>
/// <param name="Name">That is written.</param>
/// <param name="Others">Names that are read as the same.</param>
/// <param name="Patterns">Each splits the pieces of the one before.</param>
/// <param name="WholeWords">Whether words that are tokens stay whole, whatever the merges say.</param>
/// <param name="Begins">Whether a text begins with a token of its own where the file does not say.</param>
/// <param name="Composed">Whether Hugging Face's files compose characters first (form C); llama.cpp does not.</param>
sealed record PreTokenizer(string Name, string[] Others, string[] Patterns, bool WholeWords = false, bool Begins = false, bool Composed = false)
{
    const string Digit = @"\p{N}";
    const string Contractions = @"(?i:'s|'t|'re|'ve|'m|'ll|'d)", Ends = @" ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";
    const string Llama3 = Contractions + @"|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}|" + Ends, Qwen2 = Contractions + @"|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}|" + Ends;
    const string Upper = @"\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}", Lower = @"\p{Ll}\p{Lm}\p{Lo}\p{M}";
    const string Tekken = $@"[^\r\n\p{{L}}\p{{N}}]?[{Upper}]*[{Lower}]+|[^\r\n\p{{L}}\p{{N}}]?[{Upper}]+[{Lower}]*|\p{{N}}| ?[^\s\p{{L}}\p{{N}}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    static readonly PreTokenizer[] All =
    [
        new("gpt-2", ["phi-2", "mpt", "olmo", "jais", "trillion", "exaone4", "gigachat", "mellum", "a.x-4.0"], [TokenizerReader.Gpt2Pattern]),
        new("smollm", ["starcoder", "refact", "command-r", "codeshell", "exaone", "minerva-7b"], [Digit, TokenizerReader.Gpt2Pattern]),
        new("llama-bpe", ["llama3", "llama-v3", "falcon3", "falcon-h1", "pixtral", "lfm2", "midm-2.0"], [Llama3], WholeWords: true, Begins: true),
        new("smaug-bpe", ["dbrx", "glm4", "chatglm-bpe"], [Llama3]),
        new("qwen2", [], [Qwen2], Composed: true),
        new("deepseek-r1-qwen", ["stablelm2", "megrez", "kormo"], [Qwen2]),
        new("tekken", [], [Tekken], WholeWords: true, Begins: true),
        new("deepseek-coder", [], [@"[\r\n]", @"\s?\p{L}+", @"\s?\p{P}+", "[\u4E00-\u9FA5\u0800-\u4E00\uAC00-\uD7FF]+", Digit]),
        new("default", [], [@"[\p{P}\$\+<=>\^~\|]+", TokenizerReader.Gpt2Pattern, @"\p{N}+", "[0-9][0-9][0-9]"]),
    ];

    /// <exception cref="InvalidDataException">The name is not known.</exception>
    public static PreTokenizer Find(string name, string path) => All.FirstOrDefault(p => p.Name == name || p.Others.Contains(name))
        ?? throw new InvalidDataException($"{path}: tokenizer.ggml.pre '{name}' is not supported; Rlef reads {string.Join(", ", All.SelectMany(p => p.Others.Prepend(p.Name)))}.");

    /// <summary>The one that cuts texts so, or null.</summary>
    public static PreTokenizer? Of(IReadOnlyList<string> patterns, bool wholeWords, bool composed) =>
        All.FirstOrDefault(p => p.Patterns.SequenceEqual(patterns) && p.WholeWords == wholeWords && p.Composed == composed);

    /// <summary>As a <c>tokenizer.json</c> has it.</summary>
    public JsonObject ToJson()
    {
        // GPT-2's own words are part of the step that spells bytes, where nothing comes after them.
        var inner = Patterns[^1] == TokenizerReader.Gpt2Pattern;
        return TokenizerText.Sequence("pretokenizers",
        [
            .. (inner ? Patterns[..^1] : Patterns).Select(p => p == Digit
                ? TokenizerText.Step("Digits", ("individual_digits", true))
                : TokenizerText.Step("Split", ("pattern", new JsonObject { ["Regex"] = p }), ("behavior", "Isolated"), ("invert", false))),
            TokenizerText.ByteLevel(inner),
        ]);
    }
}
