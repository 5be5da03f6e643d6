using static TorchSharp.torch;

namespace Rlef.Policy;

/// <summary>A policy as a Hugging Face folder: <c>config.json</c>, <c>model.safetensors</c> and <c>tokenizer.json</c>.</summary>
public sealed class PolicyCheckpoint : IDisposable
{
    public PolicyCheckpoint(Transformer model, string tokenizerJson)
    {
        (Model, TokenizerJson) = (model, tokenizerJson);
        Tokenizer = TokenizerFile.Parse(tokenizerJson);
    }

    public Transformer Model { get; }
    public PolicyTokenizer Tokenizer { get; }
    public string TokenizerJson { get; }

    /// <exception cref="InvalidDataException">A file is damaged or does not fit the others.</exception>
    public static PolicyCheckpoint Load(string folder, Device? device = null)
    {
        foreach (var name in (string[])["config.json", "model.safetensors", "tokenizer.json"])
            if (!File.Exists(Path.Combine(folder, name)))
                throw new FileNotFoundException($"{folder} is no policy: {name} is missing. A policy folder holds config.json, model.safetensors and tokenizer.json.");
        var model = new Transformer(ModelConfig.Load(Path.Combine(folder, "config.json")), device);
        Safetensors.ReadInto(Path.Combine(folder, "model.safetensors"), model.Parameters.Select(p => (p.Key, (Tensor)p.Value)));
        return new(model, File.ReadAllText(Path.Combine(folder, "tokenizer.json")));
    }

    public void Save(string folder)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "config.json"), Model.Config.ToJson());
        File.WriteAllText(Path.Combine(folder, "tokenizer.json"), TokenizerJson);
        Safetensors.Write(Path.Combine(folder, "model.safetensors"), Model.Parameters.Select(p => (p.Key, (Tensor)p.Value)));
    }

    public void Dispose() => Model.Dispose();
}
