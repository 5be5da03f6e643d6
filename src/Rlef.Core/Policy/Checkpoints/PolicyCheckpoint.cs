using static TorchSharp.torch;

namespace Rlef.Policy;

/// <summary>A policy as a Hugging Face folder: <c>model.safetensors</c>, or several such files and their index, and the <see cref="PolicyFiles"/> beside them.</summary>
public sealed class PolicyCheckpoint(Transformer model, PolicyFiles files) : IDisposable
{
    /// <param name="chatTemplate">How the policy wants dialogues written; null for one of texts only.</param>
    public PolicyCheckpoint(Transformer model, string tokenizerJson, string? chatTemplate = null) : this(model, new PolicyFiles(model.Config, tokenizerJson, chatTemplate)) { }

    public Transformer Model => model;
    public PolicyFiles Files => files;
    public PolicyTokenizer Tokenizer => files.Tokenizer;
    public string TokenizerJson => files.TokenizerJson;

    /// <summary>Tokens that end a text, as the folder's configuration says; none if it does not.</summary>
    public IReadOnlyList<int> EndTokens => files.EndTokens;

    const string Head = "lm_head.weight";

    /// <param name="dtype">Type of the weights in memory, whatever the file's.</param>
    /// <exception cref="InvalidDataException">A file is missing, damaged or does not fit the others; the message names it.</exception>
    public static PolicyCheckpoint Load(string folder, Device? device = null, ScalarType dtype = ScalarType.Float32)
    {
        var files = PolicyFiles.Read(folder);
        using var weights = SafetensorsSet.OpenFolder(folder);
        var shapes = ParameterShape.Of(files.Config).ToList();
        // GPT-2's own files leave the first part of the names out.
        var bare = files.Config.IsGpt2 && weights.Names.Contains("wte.weight");
        // Of a head and an embedding that are one, some writers keep the head.
        var embedding = bare ? "wte.weight" : shapes[0].Name;
        var headOnly = files.Config.TieWordEmbeddings && weights.Names.Contains(Head) && !weights.Names.Contains(embedding);
        string NameInFile(string name) => headOnly && name == shapes[0].Name ? Head
            : bare && name.StartsWith("transformer.", StringComparison.Ordinal) ? name["transformer.".Length..] : name;
        weights.Check([.. shapes.Select(s => (NameInFile(s.Name), s.Shape))], name => IsIgnored(name, files.Config));
        if (files.Config.TieWordEmbeddings && !headOnly && weights.Names.Contains(Head) && !weights.Same(Head, embedding))
            throw new InvalidDataException($"{folder}: config.json ties the head to the embedding (tie_word_embeddings), but {Head} holds other values than {embedding}. " +
                "Set tie_word_embeddings to false if the head is meant.");
        // Only now, when the files have all that the model needs, is memory taken for it.
        var model = Transformer.Unset(files.Config, device, dtype);
        try
        {
            foreach (var (name, parameter) in model.Parameters)
                weights.CopyTo(NameInFile(name), parameter);
            return new(model, files);
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    // Some writers repeat a tied head, and older ones saved what is computed anyway: masks and frequencies.
    static bool IsIgnored(string name, ModelConfig config) => name == Head && config.TieWordEmbeddings
        || name.EndsWith(".rotary_emb.inv_freq", StringComparison.Ordinal)
        || config.IsGpt2 && (name.EndsWith(".attn.bias", StringComparison.Ordinal) || name.EndsWith(".attn.masked_bias", StringComparison.Ordinal));

    /// <summary>Writes the folder's files, each under another name first, then synced and renamed. Adapters are saved as part of the weights.</summary>
    public void Save(string folder)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        Directory.CreateDirectory(folder);
        files.Write(folder, model.Dtype);
        Safetensors.Write(Path.Combine(folder, "model.safetensors"), model.Parameters.Keys.Except(model.AdapterNames).Select(name => (name, model.Effective(name))));
    }

    public void Dispose() => model.Dispose();
}
