namespace Rlef.Policy;

/// <summary>Chooses the decoder for a model.</summary>
public static class Decoders
{
    /// <summary>The fused one on the CPU in 32-bit floats, tensor operations elsewhere.</summary>
    public static IDecoder Create(Transformer model, int capacity, int maxLength) => FusedDecoder.CanDecode(model)
        ? new FusedDecoder(model, capacity, maxLength)
        : new TensorDecoder(model, capacity, maxLength);
}
