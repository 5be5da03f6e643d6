using System.Text.Json;
using System.Text.Json.Nodes;
using Rlef.Storage;
using static TorchSharp.torch;

namespace Rlef.Policy;

/// <summary>
/// What a policy's Hugging Face folder holds besides its weights: <c>config.json</c>, <c>tokenizer.json</c>, and what else belongs to the model there,
/// such as its chat template, which is kept as it is and written again. A GGUF file says the same in its own way.
/// </summary>
public sealed class PolicyFiles
{
    internal const string ConfigName = "config.json", TokenizerName = "tokenizer.json", TokenizerConfigName = "tokenizer_config.json",
        TemplateName = "chat_template.jinja", GenerationName = "generation_config.json";

    static readonly string[] CompanionNames = [TokenizerConfigName, "special_tokens_map.json", GenerationName, TemplateName, "added_tokens.json", "vocab.json", "merges.txt"];

    /// <summary>Every file of a policy's folder that is read, the weights aside.</summary>
    internal static IReadOnlyList<string> Names { get; } = [ConfigName, TokenizerName, .. CompanionNames];

    readonly string? configJson;
    readonly Dictionary<string, string> companions = [];
    readonly Lazy<ChatTemplate?> chatTemplate;
    readonly Func<string, string> place;

    /// <summary>Files of a policy that has no folder yet.</summary>
    /// <param name="chatTemplate">How it wants dialogues written; null for a policy of texts only.</param>
    public PolicyFiles(ModelConfig config, string tokenizerJson, string? chatTemplate = null) : this("the policy", name => name, config, tokenizerJson)
    {
        if (chatTemplate is not null)
            companions.Add(TemplateName, chatTemplate);
    }

    // place: where a file of that name is, for errors.
    PolicyFiles(string source, Func<string, string> place, ModelConfig config, string tokenizerJson)
    {
        (Source, this.place, Config, TokenizerJson, Tokenizer) = (source, place, config, tokenizerJson, TokenizerFile.Parse(tokenizerJson, place(TokenizerName)));
        // Only those who hold dialogues need a template that Rlef can carry out.
        this.chatTemplate = new(() => ChatTemplate.Find(companions.GetValueOrDefault, place));
    }

    PolicyFiles(string source, Func<string, string> place, Func<string, string?> read)
        : this(source, place, ModelConfig.Parse(read(ConfigName)!, place(ConfigName)), read(TokenizerName)!)
    {
        configJson = read(ConfigName)!;
        foreach (var name in CompanionNames)
            if (read(name) is { } text)
                companions.Add(name, text);
        EndTokens = new[] { (GenerationName, companions.GetValueOrDefault(GenerationName)), (ConfigName, configJson) }
            .Select(f => ReadEndTokens(place(f.Item1), f.Item2, Config.VocabSize)).FirstOrDefault(t => t.Length > 0) ?? [];
        if (Tokenizer.VocabularySize > Config.VocabSize)
            throw new InvalidDataException($"{place(TokenizerName)}: {Tokenizer.VocabularySize} tokens do not fit the model's vocab_size {Config.VocabSize}.");
    }

    /// <param name="path">Folder, or GGUF file.</param>
    /// <exception cref="InvalidDataException">A file is missing, damaged or does not fit the others; the message names it.</exception>
    public static PolicyFiles Read(string path)
    {
        if (File.Exists(path))
        {
            using var file = new GgufFile(path);
            var texts = GgufPolicy.FolderOf(file);
            return new(path, name => $"{path}, as {name}", texts.GetValueOrDefault);
        }
        if (!Directory.Exists(path))
            throw new InvalidDataException($"{path} is not there. A policy is a folder with config.json, model.safetensors and tokenizer.json, or a GGUF file.");
        foreach (var name in (string[])[ConfigName, TokenizerName])
            if (!File.Exists(Path.Combine(path, name)))
                throw new InvalidDataException(
                    $"{path} is no policy: {name} is missing. A policy is a folder with config.json, model.safetensors and tokenizer.json, or a GGUF file.");
        return new(path, name => Path.Combine(path, name), name => Path.Combine(path, name) is var file && File.Exists(file) ? Utf8File.Read(file) : null);
    }

    /// <summary>Where they come from, for errors.</summary>
    public string Source { get; }

    public ModelConfig Config { get; }
    public PolicyTokenizer Tokenizer { get; }
    public string TokenizerJson { get; }

    /// <summary>Tokens that end a text, as the folder's configuration says; none if it does not.</summary>
    public IReadOnlyList<int> EndTokens { get; } = [];

    /// <summary>How the model wants a dialogue written; null if the folder does not say.</summary>
    /// <exception cref="InvalidDataException">The template is one that Rlef cannot carry out.</exception>
    public ChatTemplate? ChatTemplate => chatTemplate.Value;

    /// <summary>The chat template's text and the special tokens by the names under which it knows them.</summary>
    internal (string? Template, IReadOnlyDictionary<string, string> Tokens, string Source) TemplateText => ChatTemplate.Texts(companions.GetValueOrDefault, place);

    /// <summary>Writes the files, each under another name first, then synced and renamed. Those of another model that was there go: its template or end mark would be taken for this one's.</summary>
    /// <param name="dtype">Type of the weights beside them.</param>
    public void Write(string folder, ScalarType dtype)
    {
        AtomicFile.WriteText(Path.Combine(folder, ConfigName), ConfigJson(dtype));
        AtomicFile.WriteText(Path.Combine(folder, TokenizerName), TokenizerJson);
        foreach (var (name, text) in companions)
            AtomicFile.WriteText(Path.Combine(folder, name), text);
        foreach (var other in CompanionNames.Where(name => !companions.ContainsKey(name)))
            File.Delete(Path.Combine(folder, other));
    }

    // The configuration as it was read, but for the type of the weights.
    string ConfigJson(ScalarType dtype)
    {
        var config = JsonNode.Parse(configJson ?? Config.ToJson())!.AsObject();
        var type = dtype.ToString().ToLowerInvariant();
        foreach (var name in (string[])["torch_dtype", "dtype"])
            if (config.ContainsKey(name))
                config[name] = type;
        if (configJson is null)
        {
            config["torch_dtype"] = type;
            // Other libraries take tokens of their own where nothing is said.
            foreach (var name in (string[])["bos_token_id", "eos_token_id", "pad_token_id"])
                config[name] = null;
        }
        return config.ToJsonString(JsonText.Indented) + "\n";
    }

    static int[] ReadEndTokens(string path, string? json, int vocabulary)
    {
        if (json is null)
            return [];
        try
        {
            using var document = JsonDocument.Parse(json);
            return document.RootElement.TryGetProperty("eos_token_id", out var end) ? end.ValueKind switch
            {
                JsonValueKind.Number => [Token(end)],
                JsonValueKind.Array => [.. end.EnumerateArray().Select(Token)],
                _ => [],
            } : [];
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            throw new InvalidDataException($"{path}: eos_token_id: {e.OneLine()}", e);
        }

        int Token(JsonElement id) => id.ValueKind == JsonValueKind.Number && id.TryGetInt32(out var token) && token >= 0 && token < vocabulary
            ? token : throw new FormatException($"{id.GetRawText()} is no token: there are {vocabulary}.");
    }
}
