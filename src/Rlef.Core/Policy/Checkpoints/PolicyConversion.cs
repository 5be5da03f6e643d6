using static TorchSharp.torch;

namespace Rlef.Policy;

/// <summary>Turns policies from one form on disk into another.</summary>
public static class PolicyConversion
{
    /// <summary>Writes a policy anew: as a GGUF file, with one weight in memory at a time, or as a Hugging Face folder, with all of them.</summary>
    /// <param name="source">Folder or GGUF file.</param>
    /// <param name="target">GGUF file if it ends with <c>.gguf</c>, else folder.</param>
    /// <returns>The number of parameters.</returns>
    /// <exception cref="InvalidDataException">The source is damaged, or cannot be written so; the message names why.</exception>
    public static long Run(string source, string target, StoredType type)
    {
        if (!target.EndsWith(".gguf", StringComparison.OrdinalIgnoreCase))
            return ToFolder(source, target, type);
        var files = PolicyFiles.Read(source);
        using var weights = new PolicyWeights(files);
        var shapes = ParameterShape.Of(files.Config).ToDictionary(s => s.Name, s => s.Shape);
        GgufPolicy.Write(files, target, type, name =>
        {
            var weight = empty(shapes[name]);
            weights.CopyTo(name, weight);
            return weight;
        });
        return shapes.Values.Sum(s => s.Aggregate(1L, (product, size) => product * size));
    }

    static long ToFolder(string source, string folder, StoredType type)
    {
        using var policy = PolicyCheckpoint.Load(source, CPU, type switch
        {
            StoredType.F32 => ScalarType.Float32,
            StoredType.F16 => ScalarType.Float16,
            StoredType.BF16 => ScalarType.BFloat16,
            _ => throw new InvalidDataException($"{folder}: weights of type q8_0 need a GGUF file; take f16, bf16 or f32, or a target that ends with .gguf."),
        });
        foreach (var (name, weight) in policy.Model.Parameters)
            if (type == StoredType.F16 && !weight.isfinite().all().item<bool>())
                throw new InvalidDataException($"{source}: {name} holds values beyond f16's range; take bf16 or f32.");
        policy.Save(folder);
        return policy.Model.ParameterCount;
    }
}
