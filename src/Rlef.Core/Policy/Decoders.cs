namespace Rlef.Policy;

/// <summary>Chooses the decoder for a model.</summary>
public static class Decoders
{
    public static IDecoder Create(Transformer model, int capacity, int maxLength) => FusedDecoder.Supports(model)
        ? new FusedDecoder(model, capacity, maxLength)
        : new TensorDecoder(model, capacity, maxLength);
}
