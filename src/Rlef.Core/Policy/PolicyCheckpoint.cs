using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Rlef.Storage;
using static TorchSharp.torch;

namespace Rlef.Policy;

/// <summary>
/// A policy as a Hugging Face folder: <c>config.json</c>, <c>tokenizer.json</c> and <c>model.safetensors</c>, or several such files and their index.
/// What else belongs to the model there, such as its chat template, is kept and saved again.
/// </summary>
public sealed class PolicyCheckpoint : IDisposable
{
    static readonly string[] CompanionNames =
        ["tokenizer_config.json", "special_tokens_map.json", "generation_config.json", "chat_template.jinja", "added_tokens.json", "vocab.json", "merges.txt"];

    readonly string? configJson;
    readonly IReadOnlyDictionary<string, string> companions;

    /// <param name="source">Named in errors of the tokenizer.</param>
    public PolicyCheckpoint(Transformer model, string tokenizerJson, string source = "tokenizer.json")
        : this(model, TokenizerFile.Parse(tokenizerJson, source), tokenizerJson, null, new Dictionary<string, string>()) { }

    PolicyCheckpoint(Transformer model, PolicyTokenizer tokenizer, string tokenizerJson, string? configJson, IReadOnlyDictionary<string, string> companions)
    {
        (Model, Tokenizer, TokenizerJson, this.configJson, this.companions) = (model, tokenizer, tokenizerJson, configJson, companions);
        EndTokens = new[] { companions.GetValueOrDefault("generation_config.json"), configJson }.Select(ReadEndTokens).FirstOrDefault(t => t.Length > 0) ?? [];
    }

    public Transformer Model { get; }
    public PolicyTokenizer Tokenizer { get; }
    public string TokenizerJson { get; }

    /// <summary>Tokens that end a text, as the folder's configuration says; none if it does not.</summary>
    public IReadOnlyList<int> EndTokens { get; }

    /// <param name="dtype">Type of the weights in memory, whatever the file's.</param>
    /// <exception cref="InvalidDataException">A file is missing, damaged or does not fit the others; the message names it.</exception>
    public static PolicyCheckpoint Load(string folder, Device? device = null, ScalarType dtype = ScalarType.Float32)
    {
        foreach (var name in (string[])["config.json", "tokenizer.json"])
            if (!File.Exists(Path.Combine(folder, name)))
                throw new InvalidDataException(
                    $"{folder} is no policy: {name} is missing. A policy folder holds config.json, model.safetensors and tokenizer.json.");
        var configPath = Path.Combine(folder, "config.json");
        var configJson = File.ReadAllText(configPath);
        var config = ModelConfig.Parse(configJson, configPath);
        var tokenizerPath = Path.Combine(folder, "tokenizer.json");
        var tokenizerJson = File.ReadAllText(tokenizerPath);
        var tokenizer = TokenizerFile.Parse(tokenizerJson, tokenizerPath);
        if (tokenizer.VocabularySize > config.VocabSize)
            throw new InvalidDataException($"{tokenizerPath}: {tokenizer.VocabularySize} tokens do not fit the model's vocab_size {config.VocabSize}.");
        using var weights = SafetensorsSet.OpenFolder(folder);
        var shapes = ParameterShape.Of(config).ToList();
        // GPT-2's own files leave the first part of the names out.
        var bare = config.IsGpt2 && weights.Names.Contains("wte.weight");
        string NameInFile(string name) => bare && name.StartsWith("transformer.", StringComparison.Ordinal) ? name["transformer.".Length..] : name;
        weights.Check([.. shapes.Select(s => (NameInFile(s.Name), s.Shape))], name => IsIgnored(name, config));
        // Only now, when the files have all that the model needs, is memory taken for it.
        var model = Transformer.Unset(config, device, dtype);
        try
        {
            var companionTexts = CompanionNames.Select(n => (Name: n, Path: Path.Combine(folder, n))).Where(c => File.Exists(c.Path))
                .ToDictionary(c => c.Name, c => File.ReadAllText(c.Path));
            var checkpoint = new PolicyCheckpoint(model, tokenizer, tokenizerJson, configJson, companionTexts);
            foreach (var (name, parameter) in model.Parameters)
                weights.CopyTo(NameInFile(name), parameter);
            return checkpoint;
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    // Some writers repeat a tied head, and older ones saved what is computed anyway: masks and frequencies.
    static bool IsIgnored(string name, ModelConfig config) => name == "lm_head.weight" && config.TieWordEmbeddings
        || name.EndsWith(".rotary_emb.inv_freq", StringComparison.Ordinal)
        || config.IsGpt2 && (name.EndsWith(".attn.bias", StringComparison.Ordinal) || name.EndsWith(".attn.masked_bias", StringComparison.Ordinal));

    /// <summary>Writes the folder's files, each under another name first, then synced and renamed. Adapters are saved as part of the weights.</summary>
    public void Save(string folder)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        Directory.CreateDirectory(folder);
        AtomicFile.WriteText(Path.Combine(folder, "config.json"), ConfigJson());
        AtomicFile.WriteText(Path.Combine(folder, "tokenizer.json"), TokenizerJson);
        foreach (var (name, text) in companions)
            AtomicFile.WriteText(Path.Combine(folder, name), text);
        Safetensors.Write(Path.Combine(folder, "model.safetensors"), Model.Parameters.Keys.Except(Model.AdapterNames).Select(name => (name, Model.Effective(name))));
    }

    public void Dispose() => Model.Dispose();

    // The configuration as it was read, but for the type of the weights.
    string ConfigJson()
    {
        if (configJson is null)
            return Model.Config.ToJson();
        var config = JsonNode.Parse(configJson)!.AsObject();
        foreach (var name in (string[])["torch_dtype", "dtype"])
            if (config.ContainsKey(name))
                config[name] = Model.Dtype.ToString().ToLowerInvariant();
        return config.ToJsonString(new JsonSerializerOptions { WriteIndented = true }) + "\n";
    }

    static int[] ReadEndTokens(string? json)
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
            throw new InvalidDataException($"eos_token_id in config.json or generation_config.json: {e.Message}", e);
        }
    }
}
