using Rlef.Storage;
using static TorchSharp.torch;

namespace Rlef.Policy;

/// <summary>The weights of a GGUF file by Hugging Face's names and in its order of rows.</summary>
sealed class GgufWeights : IWeightFile
{
    readonly GgufFile file;
    readonly GgufNames names;
    readonly Dictionary<string, string> inFile;

    public GgufWeights(string path, ModelConfig config)
    {
        file = new(path);
        names = new(config);
        inFile = ParameterShape.Of(config).Select(s => (s.Name, Ggufs: GgufNames.Of(s.Name))).Where(n => file.Entries.ContainsKey(n.Ggufs)).ToDictionary(n => n.Name, n => n.Ggufs);
    }

    public IReadOnlyCollection<string> Names => inFile.Keys;

    public void Check(IReadOnlyCollection<(string Name, long[] Shape)> wanted, Func<string, bool> ignored)
    {
        foreach (var (name, shape) in wanted)
        {
            if (!inFile.TryGetValue(name, out var ggufs))
                throw new InvalidDataException($"{file.Path}: tensor '{GgufNames.Of(name)}' is missing.");
            var found = file.Entries[ggufs].Shape;
            if (!found.SequenceEqual(names.IsTurned(name, shape.Length) ? shape.Reverse() : shape))
                throw new InvalidDataException($"{file.Path}: tensor '{ggufs}' has shape [{string.Join(", ", found)}], the model needs [{string.Join(", ", shape)}].");
        }
        var known = inFile.Values.ToHashSet();
        foreach (var name in file.Entries.Keys)
            // A head that the embedding repeats, and frequencies that the configuration tells.
            if (!known.Contains(name) && name is not ("output.weight" or GgufNames.Frequencies))
                throw new InvalidDataException($"{file.Path}: tensor '{name.OneLine()}' has no place in this model.");
    }

    public bool Same(string one, string other) => file.Same(inFile[one], inFile[other]);

    public void CopyTo(string name, Tensor target)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var weight = target.detach();
        if (names.IsTurned(name, target.shape.Length))
        {
            var turned = empty([target.shape[1], target.shape[0]]);
            file.CopyTo(inFile[name], turned, row => row);
            weight.copy_(turned.t());
        }
        else if (names.IsInterleaved(name))
            file.CopyTo(inFile[name], weight.view(target.shape[0], -1), names.RowInFile);
        else
            file.CopyTo(inFile[name], weight.view(-1, target.shape[^1]), row => row);
    }

    public void Dispose() => file.Dispose();
}
