namespace Rlef.Policy;

/// <summary>Chooses the decoder for a model.</summary>
public static class Decoders
{
    // The fused decoder keeps a second copy of the weights, which pays while both fit in memory.
    const long MaxFusedParameters = 1_000_000_000;

    /// <summary>Whether the model is decoded by the fused decoder, which keeps weights, keys and values of its own in 32 bits.</summary>
    public static bool IsFused(Transformer model) => FusedDecoder.CanDecode(model) && model.ParameterCount <= MaxFusedParameters;

    /// <summary>The fused one for a Llama, Qwen 2 or Qwen 3 of up to a billion parameters on the CPU, tensor operations otherwise.</summary>
    /// <param name="threads">Of the fused one; null for all cores.</param>
    public static IDecoder Create(Transformer model, int capacity, int maxLength, int? threads = null) => IsFused(model)
        ? new FusedDecoder(model, capacity, maxLength, threads)
        : new TensorDecoder(model, capacity, maxLength);
}
