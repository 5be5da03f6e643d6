using static TorchSharp.torch;

namespace Rlef.Policy;

/// <summary>
/// A policy as a Hugging Face folder: <c>model.safetensors</c>, or several such files and their index, and the <see cref="PolicyFiles"/> beside them; or as a
/// GGUF file of llama.cpp, which holds all of it.
/// </summary>
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

    /// <param name="path">Folder, or GGUF file, quantized or not.</param>
    /// <param name="dtype">Type of the weights in memory, whatever the file's.</param>
    /// <exception cref="InvalidDataException">A file is missing, damaged or does not fit the others; the message names it.</exception>
    public static PolicyCheckpoint Load(string path, Device? device = null, ScalarType dtype = ScalarType.Float32)
    {
        var files = PolicyFiles.Read(path);
        // Only when the files have all that the model needs is memory taken for it.
        using var weights = new PolicyWeights(files);
        var model = Transformer.Unset(files.Config, device, dtype);
        try
        {
            foreach (var (name, parameter) in model.Parameters)
                weights.CopyTo(name, parameter);
            return new(model, files);
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

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
