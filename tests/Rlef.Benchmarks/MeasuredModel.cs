using Rlef.Policy;
using static TorchSharp.torch;

namespace Rlef.Benchmarks;

/// <summary>A model that is measured: of random weights, or of a GGUF file, which llama.cpp reads too.</summary>
sealed record MeasuredModel(string Name, ModelConfig Config, string? File = null)
{
    public static MeasuredModel OfFile(string path) => new(Path.GetFileNameWithoutExtension(path), PolicyFiles.Read(path).Config, path);

    public Transformer Create(Device device, ScalarType dtype) => File is null ? new(Config, device, dtype) : PolicyCheckpoint.Load(File, device, dtype).Model;
}
