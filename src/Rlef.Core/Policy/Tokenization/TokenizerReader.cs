using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.ML.Tokenizers;

namespace Rlef.Policy;

/// <summary>Builds a tokenizer from the fields of a <c>tokenizer.json</c>. What it does not know it refuses by name, so that no text is encoded wrongly.</summary>
sealed class TokenizerReader(TokenizerField root)
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
    readonly List<AddedToken> added = [];
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
        var model = root["model"];
        // GPT-2's own file names no type.
        if (model.Find("type")?.Text is { } type and not "BPE")
            throw new InvalidDataException($"model.type is '{type}', not 'BPE'.");
        foreach (var field in (string[])["continuing_subword_prefix", "end_of_word_suffix"])
            if (model.Find(field)?.Text is { Length: > 0 })
                throw new InvalidDataException($"model.{field} is not supported.");
        HashSet<int> ids = [];
        foreach (var entry in model["vocab"].Of(JsonValueKind.Object, "an object").EnumerateObject())
        {
            var id = CheckedId(entry.Value, "model.vocab");
            if (!vocabulary.TryAdd(entry.Name, id))
                throw new InvalidDataException($"model.vocab lists '{entry.Name}' twice.");
            if (!ids.Add(id))
                throw new InvalidDataException($"model.vocab gives '{entry.Name}' the id {id}, which another token has.");
        }
        merges = [.. model["merges"].Of(JsonValueKind.Array, "a list").EnumerateArray().Select(ReadMerge)];
        wholeWords = model.Flag("ignore_merges");
        ReadAdded();
        ReadNormalizer(root.Find("normalizer"));
        ReadPreTokenizer(root.Find("pre_tokenizer"));
        var (before, after) = ReadTemplate(root.Find("post_processor"));
        var size = vocabulary.Values.Concat(added.Select(t => t.Id)).DefaultIfEmpty(-1).Max() + 1;
        if (size > 2 * (vocabulary.Count + added.Count) + 1000)
            throw new InvalidDataException($"ids go up to {size - 1}, but there are only {vocabulary.Count + added.Count} tokens.");
        var tokens = new string?[size];
        foreach (var (token, id) in vocabulary)
            tokens[id] = token;
        foreach (var (place, token) in added.Index())
            tokens[token.Id] = tokens[token.Id] is { } other && other != token.Content
                ? throw new InvalidDataException($"added_tokens[{place}].id: {token.Id} is that of '{other}' in model.vocab.") : token.Content;
        if (!byteLevel && wholeWords)
            throw new InvalidDataException("model.ignore_merges is not supported without a ByteLevel step.");
        var text = byteLevel
            ? ByteLevel(wholeWords ? added.Select(t => t.Id).ToHashSet() : null)
            : CharacterBpe.Encoder(vocabulary, merges, model.Flag("byte_fallback"), model.Find("unk_token")?.Text is { } unknown
                ? Unknown(unknown, model.Flag("byte_fallback")) : null, model.Flag("fuse_unk"));
        return new(new(normalizers, prefix, prefixFirstOnly), text, new(tokens, root.Find("decoder")), added, before, after, size);
    }

    // Where bytes are tokens, no text is unknown.
    int? Unknown(string token, bool isNeverNeeded) => vocabulary.TryGetValue(token, out var id) ? id
        : added.Find(t => t.Content == token)?.Id ?? (isNeverNeeded ? null : throw new InvalidDataException($"model.unk_token: '{token}' is no token."));

    /// <param name="apart">Where words that are tokens stay whole, these are not taken for words. Null where the merges decide.</param>
    TextEncoder ByteLevel(HashSet<int>? apart)
    {
        var merger = BpeTokenizer.Create(new BpeOptions(vocabulary) { ByteLevel = true, Merges = merges });
        return new(new TextSplitter(splits), word => apart is not null && vocabulary.TryGetValue(ByteSpelling.Of(word), out var id) && !apart.Contains(id)
            ? [id]
            : [.. merger.EncodeToIds(word, considerPreTokenization: false, considerNormalization: false)]);
    }

    // "left right", or the two in an array.
    static string ReadMerge(JsonElement merge) => (merge.ValueKind switch
    {
        JsonValueKind.String => merge.GetString(),
        JsonValueKind.Array when merge.GetArrayLength() == 2 && merge.EnumerateArray().All(t => t.ValueKind == JsonValueKind.String) => $"{merge[0].GetString()} {merge[1].GetString()}",
        _ => null,
    }) is { } text && text.IndexOf(' ') is > 0 and var space && space < text.Length - 1
        ? text
        : throw new InvalidDataException($"model.merges holds {merge.GetRawText()}, which is not two tokens.");

    void ReadAdded()
    {
        HashSet<string> contents = [];
        HashSet<int> ids = [];
        foreach (var token in root.Find("added_tokens")?.Items ?? [])
        {
            var (content, own) = (token["content"].Text, CheckedId(token["id"].Value, $"{token.Path}.id"));
            // The vocabulary's id counts where a token is in both.
            var id = vocabulary.GetValueOrDefault(content, own);
            if (!contents.Add(content))
                throw new InvalidDataException($"{token.Path}.content: '{content}' is listed twice.");
            if (!ids.Add(id))
                throw new InvalidDataException($"{token.Path}.id: {id} is listed twice.");
            added.Add(new(content, id, token.Flag("special"), token.Flag("normalized"), token.Flag("lstrip"), token.Flag("rstrip"), token.Flag("single_word")));
        }
    }

    void ReadNormalizer(TokenizerField? step)
    {
        if (step is not { } s)
            return;
        switch (s["type"].Text)
        {
            case "Sequence":
                foreach (var inner in s["normalizers"].Items)
                    ReadNormalizer(inner);
                break;
            case "NFC":
                normalizers.Add(new NfcNormalizer());
                break;
            case "Prepend":
                var before = s["prepend"].Text;
                normalizers.Add(new TextRewriter(t => t.Length == 0 ? t : before + t));
                break;
            case "Replace" when s["pattern"].Find("String") is { } from:
                var (old, fresh) = (from.Name, s["content"].Text);
                normalizers.Add(new TextRewriter(t => t.Replace(old, fresh, StringComparison.Ordinal)));
                break;
            case var other:
                throw new InvalidDataException($"normalizer '{other}' is not supported.");
        }
    }

    void ReadPreTokenizer(TokenizerField? step)
    {
        if (step is not { } s)
            return;
        switch (s["type"].Text)
        {
            case "Sequence":
                foreach (var inner in s["pretokenizers"].Items)
                    ReadPreTokenizer(inner);
                break;
            case "Split":
                ReadSplit(s);
                break;
            case "Digits":
                splits.Add((Compile(s.Flag("individual_digits") ? @"\p{N}" : @"\p{N}+"), false));
                break;
            case "ByteLevel":
                byteLevel = true;
                if (s.Flag("add_prefix_space"))
                    prefix = " ";
                if (s.Find("use_regex")?.Value.ValueKind != JsonValueKind.False)
                    splits.Add((Compile(Gpt2Pattern), false));
                break;
            case "Metaspace" when !s.Flag("split"):
                var (mark, scheme) = (MetaspaceStep.Mark(s), MetaspaceStep.Scheme(s));
                normalizers.Add(new TextRewriter(t => t.Replace(" ", mark, StringComparison.Ordinal)));
                (prefix, prefixFirstOnly) = (scheme == "never" ? null : mark, scheme == "first");
                break;
            case var other:
                throw new InvalidDataException($"pre_tokenizer '{other}' is not supported.");
        }
    }

    void ReadSplit(TokenizerField step)
    {
        var pattern = step["pattern"];
        var expression = pattern.Find("Regex")?.Text ?? Regex.Escape(pattern["String"].Text);
        var drop = (step["behavior"].Text, step.Flag("invert")) switch
        {
            ("Isolated", _) => false,
            ("Removed", true) => true,
            var (behavior, invert) => throw new InvalidDataException($"pre_tokenizer Split with behavior '{behavior}' and invert {invert} is not supported."),
        };
        try
        {
            splits.Add((Compile(expression), drop));
        }
        catch (ArgumentException e)
        {
            throw new InvalidDataException($"{pattern.Path}: {e.Message}", e);
        }
    }

    // What a template puts before and after the text; other processors only concern offsets.
    (int[] Before, int[] After) ReadTemplate(TokenizerField? step)
    {
        if (step is not { } s)
            return ([], []);
        switch (s["type"].Text)
        {
            case "Sequence":
                var parts = s["processors"].Items.Select(p => ReadTemplate(p)).ToList();
                return ([.. parts.SelectMany(p => p.Before)], [.. parts.SelectMany(p => p.After)]);
            case "ByteLevel":
                return ([], []);
            case "TemplateProcessing":
                List<int> before = [], after = [];
                var seen = false;
                foreach (var piece in s["single"].Items)
                    if (piece.Find("SpecialToken") is { } token)
                        (seen ? after : before).AddRange(s["special_tokens"][token["id"].Text]["ids"].Items.Select(id => CheckedId(id.Value, id.Path)));
                    else
                        seen = true;
                return ([.. before], [.. after]);
            case var other:
                throw new InvalidDataException($"post_processor '{other}' is not supported.");
        }
    }

    // Compiling takes longer than reading most files. A match of a sound pattern takes no longer than its text is long; one that never ends is given up.
    static Regex Compile(string pattern) => Patterns.GetOrAdd(pattern, p => new(p, RegexOptions.Compiled | RegexOptions.CultureInvariant, TimeSpan.FromSeconds(2)));

    static int CheckedId(JsonElement id, string at) => id.ValueKind == JsonValueKind.Number && id.TryGetInt32(out var value) && value is >= 0 and < MaxVocabulary
        ? value
        : throw new InvalidDataException($"{at}: {id} is no token id.");
}
