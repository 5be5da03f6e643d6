using Rlef.Policy;

namespace Rlef.Benchmarks;

/// <summary>Least arithmetic and memory traffic that a model needs, by counting (Kaplan et al. 2020, section 2.1; Pope et al. 2022, section 3).</summary>
static class ModelCost
{
    // Weights that a token is multiplied by: all but the norms and the embedding's look-up.
    static double Multiplied(ModelConfig c) => c.NumHiddenLayers * (2.0 * c.HiddenSize * c.AttentionSize + 2.0 * c.HiddenSize * c.NumKeyValueHeads * c.HeadSize
        + 3.0 * c.HiddenSize * c.IntermediateSize) + (double)c.HiddenSize * c.VocabSize;

    /// <summary>Floating-point operations of one token's forward pass that attends to <paramref name="context"/> tokens.</summary>
    public static double Flops(ModelConfig c, double context) => 2 * Multiplied(c) + 4 * context * c.AttentionSize * c.NumHiddenLayers;

    /// <summary>Bytes that a decode step reads: the weights once, and the keys and values of every row.</summary>
    public static double StepBytes(ModelConfig c, int rows, double context, int elementSize) =>
        elementSize * (Multiplied(c) + rows * context * 2 * c.NumKeyValueHeads * c.HeadSize * c.NumHiddenLayers);
}
