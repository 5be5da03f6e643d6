using static TorchSharp.torch;

namespace Rlef.Policy;

/// <summary>The weights of a policy's folder or GGUF file, checked to be those that its configuration needs, under the model's own names.</summary>
sealed class PolicyWeights : IDisposable
{
    const string Head = "lm_head.weight";

    readonly IWeightFile file;
    readonly Func<string, string> nameInFile;

    /// <exception cref="InvalidDataException">A file is missing, damaged or does not fit the others; the message names it.</exception>
    public PolicyWeights(PolicyFiles files)
    {
        var config = files.Config;
        file = File.Exists(files.Source) ? new GgufWeights(files.Source, config) : SafetensorsSet.OpenFolder(files.Source);
        try
        {
            var shapes = ParameterShape.Of(config).ToList();
            // GPT-2's own files leave the first part of the names out.
            var bare = config.IsGpt2 && file.Names.Contains("wte.weight");
            // Of a head and an embedding that are one, some writers keep the head.
            var embedding = bare ? "wte.weight" : shapes[0].Name;
            var headOnly = config.TieWordEmbeddings && file.Names.Contains(Head) && !file.Names.Contains(embedding);
            nameInFile = name => headOnly && name == shapes[0].Name ? Head
                : bare && name.StartsWith("transformer.", StringComparison.Ordinal) ? name["transformer.".Length..] : name;
            file.Check([.. shapes.Select(s => (nameInFile(s.Name), s.Shape))], name => IsIgnored(name, config));
            if (config.TieWordEmbeddings && !headOnly && file.Names.Contains(Head) && !file.Same(Head, embedding))
                throw new InvalidDataException($"{files.Source}: config.json ties the head to the embedding (tie_word_embeddings), but {Head} holds other values than {embedding}. " +
                    "Set tie_word_embeddings to false if the head is meant.");
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Copies a weight into a tensor of its shape; types are converted.</summary>
    public void CopyTo(string name, Tensor target) => file.CopyTo(nameInFile(name), target);

    // Some writers repeat a tied head, and older ones saved what is computed anyway: masks and frequencies.
    static bool IsIgnored(string name, ModelConfig config) => name == Head && config.TieWordEmbeddings
        || name.EndsWith(".rotary_emb.inv_freq", StringComparison.Ordinal)
        || config.IsGpt2 && (name.EndsWith(".attn.bias", StringComparison.Ordinal) || name.EndsWith(".attn.masked_bias", StringComparison.Ordinal));

    public void Dispose() => file.Dispose();
}
