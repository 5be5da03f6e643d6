using System.Text;
using static TorchSharp.torch;

namespace Rlef.Policy;

/// <summary>A policy as a Hugging Face folder: <c>config.json</c>, <c>model.safetensors</c> and <c>tokenizer.json</c>.</summary>
public sealed class PolicyCheckpoint(Transformer model, string tokenizerJson, string source = "tokenizer.json") : IDisposable
{
    public Transformer Model => model;
    public PolicyTokenizer Tokenizer { get; } = TokenizerFile.Parse(tokenizerJson, source);
    public string TokenizerJson => tokenizerJson;

    /// <param name="dtype">Type of the weights in memory, whatever the file's.</param>
    /// <exception cref="InvalidDataException">A file is missing, damaged or does not fit the others; the message names it.</exception>
    public static PolicyCheckpoint Load(string folder, Device? device = null, ScalarType dtype = ScalarType.Float32)
    {
        foreach (var name in (string[])["config.json", "model.safetensors", "tokenizer.json"])
            if (!File.Exists(Path.Combine(folder, name)))
                throw new InvalidDataException($"{folder} is no policy: {name} is missing. A policy folder holds config.json, model.safetensors and tokenizer.json.");
        var config = ModelConfig.Load(Path.Combine(folder, "config.json"));
        var model = new Transformer(config, device, dtype);
        try
        {
            var tokenizerPath = Path.Combine(folder, "tokenizer.json");
            var checkpoint = new PolicyCheckpoint(model, File.ReadAllText(tokenizerPath), tokenizerPath);
            if (checkpoint.Tokenizer.VocabularySize > config.VocabSize)
                throw new InvalidDataException($"{tokenizerPath}: {checkpoint.Tokenizer.VocabularySize} tokens do not fit the model's vocab_size {config.VocabSize}.");
            // Some writers repeat a tied head.
            Safetensors.ReadInto(Path.Combine(folder, "model.safetensors"), Weights(model), config.TieWordEmbeddings ? ["lm_head.weight"] : []);
            return checkpoint;
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>Writes the folder's three files, each under another name first, then synced and renamed.</summary>
    public void Save(string folder)
    {
        Directory.CreateDirectory(folder);
        WriteText(Path.Combine(folder, "config.json"), model.Config.ToJson());
        WriteText(Path.Combine(folder, "tokenizer.json"), tokenizerJson);
        Safetensors.Write(Path.Combine(folder, "model.safetensors"), Weights(model));
    }

    public void Dispose() => model.Dispose();

    static IEnumerable<(string, Tensor)> Weights(Transformer model) => model.Parameters.Select(p => (p.Key, (Tensor)p.Value));

    static void WriteText(string path, string text)
    {
        using (var stream = new FileStream(path + ".tmp", FileMode.Create))
        {
            stream.Write(Encoding.UTF8.GetBytes(text));
            stream.Flush(flushToDisk: true);
        }
        File.Move(path + ".tmp", path, overwrite: true);
    }
}
