using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.ML.Tokenizers;

namespace Rlef.Policy;

/// <summary>Builds a tokenizer from the fields of a <c>tokenizer.json</c>. What it does not know it refuses by name, so that no text is encoded wrongly.</summary>
sealed class TokenizerReader(JsonElement root)
{
    /// <summary>How GPT-2 cuts a text into words.</summary>
    public const string Gpt2Pattern = @"'(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+";
    // Of all ids; beyond, a file lies about its size.
    const int MaxVocabulary = 1 << 20;

    static readonly ConcurrentDictionary<string, Regex> Patterns = new();

    readonly List<Normalizer> normalizers = [];
    readonly List<(Regex Pattern, bool Drop)> splits = [];
    readonly Dictionary<string, int> vocabulary = [];
    List<string> merges = [];
    List<AddedToken> added = [];
    bool byteLevel, wholeWords;
    string? prefix;
    bool prefixFirstOnly;

    // What Read has found.
    public IReadOnlyDictionary<string, int> Vocabulary => vocabulary;
    public IReadOnlyList<string> Merges => merges;
    public IReadOnlyList<AddedToken> Added => added;
    public IReadOnlyList<Normalizer> Normalizers => normalizers;
    public IReadOnlyList<(Regex Pattern, bool Drop)> Splits => splits;
    public string? Prefix => prefix;

    /// <summary>Whether tokens spell bytes.</summary>
    public bool IsByteLevel => byteLevel;

    /// <summary>Whether a word that is a token stays whole, whatever the merges say.</summary>
    public bool KeepsWholeWords => wholeWords;

    public PolicyTokenizer Read()
    {
        var model = root.GetProperty("model");
        // GPT-2's own file names no type.
        if (Text(model, "type") is { } type and not "BPE")
            throw new InvalidDataException($"model.type is '{type}', not 'BPE'.");
        foreach (var field in (string[])["continuing_subword_prefix", "end_of_word_suffix"])
            if (Text(model, field) is { Length: > 0 })
                throw new InvalidDataException($"model.{field} is not supported.");
        foreach (var entry in model.GetProperty("vocab").EnumerateObject())
            if (!vocabulary.TryAdd(entry.Name, CheckedId(entry.Value)))
                throw new InvalidDataException($"model.vocab lists '{entry.Name}' twice.");
        merges = [.. model.GetProperty("merges").EnumerateArray().Select(ReadMerge)];
        wholeWords = Flag(model, "ignore_merges");
        added = root.TryGetProperty("added_tokens", out var list) && list.ValueKind == JsonValueKind.Array
            ? list.EnumerateArray().Select(ReadAdded).ToList() : [];
        ReadNormalizer(Step("normalizer"));
        ReadPreTokenizer(Step("pre_tokenizer"));
        var (before, after) = ReadTemplate(Step("post_processor"));
        var size = vocabulary.Values.Concat(added.Select(t => t.Id)).DefaultIfEmpty(-1).Max() + 1;
        if (size > 2 * (vocabulary.Count + added.Count) + 1000)
            throw new InvalidDataException($"ids go up to {size - 1}, but there are only {vocabulary.Count + added.Count} tokens.");
        // The vocabulary's id counts where a token is in both.
        added = [.. added.Select(t => t with { Id = vocabulary.GetValueOrDefault(t.Content, t.Id) })];
        var tokens = new string?[size];
        foreach (var (token, id) in vocabulary.Concat(added.Select(t => KeyValuePair.Create(t.Content, t.Id))))
            tokens[id] = token;
        if (!byteLevel && wholeWords)
            throw new InvalidDataException("model.ignore_merges is not supported without a ByteLevel step.");
        var text = byteLevel
            ? ByteLevel(wholeWords ? added.Select(t => t.Id).ToHashSet() : null)
            : CharacterBpe.Encoder(vocabulary, merges, Flag(model, "byte_fallback"),
                Text(model, "unk_token") is { } unknown && vocabulary.TryGetValue(unknown, out var at) ? at : null, Flag(model, "fuse_unk"));
        return new(new(normalizers, prefix, prefixFirstOnly), text, new(tokens, Step("decoder")), added, before, after, size);
    }

    /// <param name="apart">Where words that are tokens stay whole, these are not taken for words. Null where the merges decide.</param>
    TextEncoder ByteLevel(HashSet<int>? apart)
    {
        var merger = BpeTokenizer.Create(new BpeOptions(vocabulary) { ByteLevel = true, Merges = merges });
        return new(new TextSplitter(splits), word => apart is not null && vocabulary.TryGetValue(ByteSpelling.Of(word), out var id) && !apart.Contains(id)
            ? [id]
            : [.. merger.EncodeToIds(word, considerPreTokenization: false, considerNormalization: false)]);
    }

    // "left right", or the two in an array.
    static string ReadMerge(JsonElement merge) =>
        (merge.ValueKind == JsonValueKind.Array && merge.GetArrayLength() == 2 ? $"{merge[0].GetString()} {merge[1].GetString()}" : merge.GetString()) is { } text && text.IndexOf(' ') is > 0 and var space && space < text.Length - 1
        ? text
        : throw new InvalidDataException($"model.merges holds {merge}, which is not two tokens.");

    static AddedToken ReadAdded(JsonElement token) => new(token.GetProperty("content").GetString()!, CheckedId(token.GetProperty("id")), Flag(token, "special"),
        Flag(token, "normalized"), Flag(token, "lstrip"), Flag(token, "rstrip"), Flag(token, "single_word"));

    void ReadNormalizer(JsonElement? step)
    {
        switch (step is { } s ? Text(s, "type") : null)
        {
            case null:
                break;
            case "Sequence":
                foreach (var inner in step!.Value.GetProperty("normalizers").EnumerateArray())
                    ReadNormalizer(inner);
                break;
            case "NFC":
                normalizers.Add(new NfcNormalizer());
                break;
            case "Prepend":
                var before = step!.Value.GetProperty("prepend").GetString()!;
                normalizers.Add(new TextRewriter(t => t.Length == 0 ? t : before + t));
                break;
            case "Replace" when step!.Value.GetProperty("pattern").TryGetProperty("String", out var from):
                var (old, fresh) = (from.GetString()!, step.Value.GetProperty("content").GetString()!);
                normalizers.Add(new TextRewriter(t => t.Replace(old, fresh, StringComparison.Ordinal)));
                break;
            case var other:
                throw new InvalidDataException($"normalizer '{other}' is not supported.");
        }
    }

    void ReadPreTokenizer(JsonElement? step)
    {
        if (step is not { } s)
            return;
        switch (Text(s, "type"))
        {
            case "Sequence":
                foreach (var inner in s.GetProperty("pretokenizers").EnumerateArray())
                    ReadPreTokenizer(inner);
                break;
            case "Split":
                ReadSplit(s);
                break;
            case "Digits":
                splits.Add((Compile(Flag(s, "individual_digits") ? @"\p{N}" : @"\p{N}+"), false));
                break;
            case "ByteLevel":
                byteLevel = true;
                if (Flag(s, "add_prefix_space"))
                    prefix = " ";
                if (!s.TryGetProperty("use_regex", out var use) || use.GetBoolean())
                    splits.Add((Compile(Gpt2Pattern), false));
                break;
            case "Metaspace" when !Flag(s, "split"):
                var (mark, scheme) = (MetaspaceStep.Mark(s), MetaspaceStep.Scheme(s));
                normalizers.Add(new TextRewriter(t => t.Replace(" ", mark, StringComparison.Ordinal)));
                (prefix, prefixFirstOnly) = (scheme == "never" ? null : mark, scheme == "first");
                break;
            case var other:
                throw new InvalidDataException($"pre_tokenizer '{other}' is not supported.");
        }
    }

    void ReadSplit(JsonElement step)
    {
        var pattern = step.GetProperty("pattern");
        var expression = pattern.TryGetProperty("Regex", out var regex) ? regex.GetString()! : Regex.Escape(pattern.GetProperty("String").GetString()!);
        var drop = (Text(step, "behavior"), Flag(step, "invert")) switch
        {
            ("Isolated", _) => false,
            ("Removed", true) => true,
            var (behavior, invert) => throw new InvalidDataException($"pre_tokenizer Split with behavior '{behavior}' and invert {invert} is not supported."),
        };
        splits.Add((Compile(expression), drop));
    }

    // What a template puts before and after the text; other processors only concern offsets.
    (int[] Before, int[] After) ReadTemplate(JsonElement? step)
    {
        if (step is not { } s)
            return ([], []);
        switch (Text(s, "type"))
        {
            case "Sequence":
                var parts = s.GetProperty("processors").EnumerateArray().Select(p => ReadTemplate(p)).ToList();
                return ([.. parts.SelectMany(p => p.Before)], [.. parts.SelectMany(p => p.After)]);
            case "ByteLevel":
                return ([], []);
            case "TemplateProcessing":
                List<int> before = [], after = [];
                var seen = false;
                foreach (var piece in s.GetProperty("single").EnumerateArray())
                    if (piece.TryGetProperty("SpecialToken", out var token))
                    {
                        var name = token.GetProperty("id").GetString()!;
                        (seen ? after : before).AddRange(s.GetProperty("special_tokens").GetProperty(name).GetProperty("ids").EnumerateArray().Select(CheckedId));
                    }
                    else
                        seen = true;
                return ([.. before], [.. after]);
            case var other:
                throw new InvalidDataException($"post_processor '{other}' is not supported.");
        }
    }

    JsonElement? Step(string name) => root.TryGetProperty(name, out var step) && step.ValueKind == JsonValueKind.Object ? step : null;

    // Compiling takes longer than reading most files. A match of a sound pattern takes no longer than its text is long; one that never ends is given up.
    static Regex Compile(string pattern) => Patterns.GetOrAdd(pattern, p => new(p, RegexOptions.Compiled | RegexOptions.CultureInvariant, TimeSpan.FromSeconds(2)));

    static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    static bool Flag(JsonElement element, string name) => element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.True;

    static int CheckedId(JsonElement id) => id.TryGetInt32(out var value) && value is >= 0 and < MaxVocabulary
        ? value
        : throw new InvalidDataException($"{id} is no token id.");
}
