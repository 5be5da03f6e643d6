using System.Text.Json;
using System.Text.Json.Nodes;
using Rlef.Storage;
using static TorchSharp.torch;

namespace Rlef.Policy;

/// <summary>
/// What a policy's Hugging Face folder holds besides its weights: <c>config.json</c>, <c>tokenizer.json</c>, and what else belongs to the model there,
/// such as its chat template, which is kept as it is and written again.
/// </summary>
public sealed class PolicyFiles
{
    const string Template = "chat_template.jinja", Generation = "generation_config.json";
    static readonly string[] CompanionNames =
        ["tokenizer_config.json", "special_tokens_map.json", Generation, Template, "added_tokens.json", "vocab.json", "merges.txt"];

    readonly string? configJson;
    readonly Dictionary<string, string> companions = [];
    readonly Lazy<ChatTemplate?> chatTemplate;

    /// <summary>Files of a policy that has no folder yet.</summary>
    /// <param name="chatTemplate">How it wants dialogues written; null for a policy of texts only.</param>
    public PolicyFiles(ModelConfig config, string tokenizerJson, string? chatTemplate = null) : this("the policy", config, tokenizerJson, "tokenizer.json")
    {
        if (chatTemplate is not null)
            companions.Add(Template, chatTemplate);
    }

    PolicyFiles(string source, ModelConfig config, string tokenizerJson, string tokenizerSource)
    {
        (Source, Config, TokenizerJson, Tokenizer) = (source, config, tokenizerJson, TokenizerFile.Parse(tokenizerJson, tokenizerSource));
        // Only those who hold dialogues need a template that Rlef can carry out.
        this.chatTemplate = new(() => ChatTemplate.Find(companions.GetValueOrDefault, source));
    }

    PolicyFiles(string folder, string configJson, string tokenizerJson)
        : this(folder, ModelConfig.Parse(configJson, Path.Combine(folder, "config.json")), tokenizerJson, Path.Combine(folder, "tokenizer.json"))
    {
        this.configJson = configJson;
        foreach (var name in CompanionNames)
            if (Path.Combine(folder, name) is var path && File.Exists(path))
                companions.Add(name, File.ReadAllText(path));
        EndTokens = new[] { (Generation, companions.GetValueOrDefault(Generation)), ("config.json", configJson) }
            .Select(f => ReadEndTokens(Path.Combine(folder, f.Item1), f.Item2)).FirstOrDefault(t => t.Length > 0) ?? [];
    }

    /// <exception cref="InvalidDataException">A file is missing, damaged or does not fit the others; the message names it.</exception>
    public static PolicyFiles Read(string folder)
    {
        foreach (var name in (string[])["config.json", "tokenizer.json"])
            if (!File.Exists(Path.Combine(folder, name)))
                throw new InvalidDataException(
                    $"{folder} is no policy: {name} is missing. A policy folder holds config.json, model.safetensors and tokenizer.json.");
        var files = new PolicyFiles(folder, File.ReadAllText(Path.Combine(folder, "config.json")), File.ReadAllText(Path.Combine(folder, "tokenizer.json")));
        if (files.Tokenizer.VocabularySize > files.Config.VocabSize)
            throw new InvalidDataException($"{Path.Combine(folder, "tokenizer.json")}: {files.Tokenizer.VocabularySize} tokens do not fit the model's vocab_size " +
                $"{files.Config.VocabSize}.");
        return files;
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

    /// <summary>Writes the files, each under another name first, then synced and renamed.</summary>
    /// <param name="dtype">Type of the weights beside them.</param>
    public void Write(string folder, ScalarType dtype)
    {
        AtomicFile.WriteText(Path.Combine(folder, "config.json"), ConfigJson(dtype));
        AtomicFile.WriteText(Path.Combine(folder, "tokenizer.json"), TokenizerJson);
        foreach (var (name, text) in companions)
            AtomicFile.WriteText(Path.Combine(folder, name), text);
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
        return config.ToJsonString(new JsonSerializerOptions { WriteIndented = true }) + "\n";
    }

    static int[] ReadEndTokens(string path, string? json)
    {
        if (json is null)
            return [];
        try
        {
            using var document = JsonDocument.Parse(json);
            return document.RootElement.TryGetProperty("eos_token_id", out var end) ? end.ValueKind switch
            {
                JsonValueKind.Number => [end.GetInt32()],
                JsonValueKind.Array => [.. end.EnumerateArray().Select(e => e.GetInt32())],
                _ => [],
            } : [];
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            throw new InvalidDataException($"{path}: eos_token_id: {e.OneLine()}", e);
        }
    }
}
