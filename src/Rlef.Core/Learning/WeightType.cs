namespace Rlef.Learning;

/// <summary>Type of the weights that a run computes with.</summary>
public enum WeightType
{
    Float32,
    /// <summary>16 bits, for GPUs and for processors that multiply them faster. What is learned is kept in 32 bits beside them, and so are losses, log-probabilities and values.</summary>
    Bfloat16,
}
