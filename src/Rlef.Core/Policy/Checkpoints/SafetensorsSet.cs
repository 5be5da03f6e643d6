using System.Text.Json;
using Rlef.Storage;
using static TorchSharp.torch;

namespace Rlef.Policy;

/// <summary>The tensors of one file, or of a Hugging Face folder whose <c>model.safetensors.index.json</c> shares them out to several.</summary>
sealed class SafetensorsSet : IWeightFile
{
    const string Single = "model.safetensors", Index = "model.safetensors.index.json";

    readonly List<SafetensorsFile> files = [];
    readonly Dictionary<string, SafetensorsFile> homes = [];
    readonly string path;

    SafetensorsSet(string path) => this.path = path;

    public IReadOnlyCollection<string> Names => homes.Keys;

    public static SafetensorsSet OpenFile(string path) => Opened(path, set =>
    {
        var file = set.Add(path);
        foreach (var name in file.Header.Entries.Keys)
            set.homes.Add(name, file);
    });

    /// <exception cref="InvalidDataException">A file is missing or damaged; the message names it.</exception>
    public static SafetensorsSet OpenFolder(string folder)
    {
        var (single, index) = (Path.Combine(folder, Single), Path.Combine(folder, Index));
        if (File.Exists(single))
            return OpenFile(single);
        if (!File.Exists(index))
            throw new InvalidDataException($"{folder}: {Single} is missing, and so is {Index}. Weights in other formats must be saved as safetensors first.");
        return Opened(index, set => set.ReadIndex(folder));
    }

    static SafetensorsSet Opened(string path, Action<SafetensorsSet> read)
    {
        var set = new SafetensorsSet(path);
        try
        {
            read(set);
            return set;
        }
        catch
        {
            set.Dispose();
            throw;
        }
    }

    void ReadIndex(string folder)
    {
        var opened = new Dictionary<string, SafetensorsFile>();
        try
        {
            using var document = JsonDocument.Parse(Utf8File.Read(path));
            foreach (var entry in document.RootElement.Field("weight_map").EnumerateObject())
            {
                var name = entry.Value.GetString() ?? throw new InvalidDataException($"{path}: tensor '{entry.Name.OneLine()}' has no file.");
                if (name != Path.GetFileName(name))
                    throw new InvalidDataException($"{path}: tensor '{entry.Name.OneLine()}' lies in '{name.OneLine()}', which is not the name of a file in the folder.");
                if (!opened.TryGetValue(name, out var file))
                {
                    if (!File.Exists(Path.Combine(folder, name)))
                        throw new InvalidDataException($"{path}: tensor '{entry.Name.OneLine()}' lies in {name.OneLine()}, which is missing. Was the download interrupted?");
                    opened.Add(name, file = Add(Path.Combine(folder, name)));
                }
                if (!file.Header.Entries.ContainsKey(entry.Name))
                    throw new InvalidDataException($"{file.Path}: tensor '{entry.Name.OneLine()}' is missing, although {Index} names this file for it.");
                if (!homes.TryAdd(entry.Name, file))
                    throw new InvalidDataException($"{path}: tensor '{entry.Name.OneLine()}' is listed twice.");
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new InvalidDataException($"{path} is no index of safetensors files: {e.OneLine()}", e);
        }
    }

    SafetensorsFile Add(string file)
    {
        var opened = new SafetensorsFile(file);
        files.Add(opened);
        return opened;
    }

    public void Check(IReadOnlyCollection<(string Name, long[] Shape)> wanted, Func<string, bool> ignored)
    {
        foreach (var (name, shape) in wanted)
        {
            if (!homes.TryGetValue(name, out var file))
                throw new InvalidDataException($"{path}: tensor '{name}' is missing.");
            var entry = file.Header.Entries[name];
            if (!entry.Shape.SequenceEqual(shape))
                throw new InvalidDataException($"{file.Path}: tensor '{name}' has shape [{string.Join(", ", entry.Shape)}], the model needs " +
                    $"[{string.Join(", ", shape)}]. Is this a checkpoint of another model?");
            if (SafetensorsFile.TypeOf(entry.Dtype) is null)
                throw new InvalidDataException($"{file.Path}: tensor '{name}' has type {entry.Dtype}; F64, F32, BF16 and F16 are supported.");
        }
        var known = wanted.Select(w => w.Name).ToHashSet();
        foreach (var (name, file) in homes)
            if (!known.Contains(name) && !ignored(name))
                throw new InvalidDataException($"{file.Path}: tensor '{name.OneLine()}' has no place in this model.");
        foreach (var file in files)
            file.CheckDigest();
    }

    public bool Same(string one, string other)
    {
        var (a, b) = (homes[one], homes[other]);
        var (first, second) = (a.Header.Entries[one], b.Header.Entries[other]);
        return first.Dtype == second.Dtype && first.Shape.SequenceEqual(second.Shape) && a.HoldsBytes(first, b, second);
    }

    public void CopyTo(string name, Tensor target) => homes[name].CopyTo(homes[name].Header.Entries[name], target);

    public void Dispose() => files.ForEach(f => f.Dispose());
}
