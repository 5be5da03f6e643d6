using static TorchSharp.torch;

namespace Rlef.Policy;

/// <summary>
/// Draws tokens where the logits are: the rules of <see cref="Sampler"/> in tensor operations of fixed shapes, none of which the host waits for. The same
/// numbers draw the same tokens.
/// </summary>
static class DeviceSampler
{
    /// <param name="logits">[R, V] in 32 bits.</param>
    /// <param name="uniforms">[R, 1] in 64 bits, each in [0, 1).</param>
    /// <returns>[R, 1] tokens, and their log-probabilities at the sampling temperature before top-k, top-p and min-p took effect.</returns>
    public static (Tensor Tokens, Tensor LogProbs) Draw(Tensor logits, Sampling sampling, Tensor uniforms)
    {
        if (sampling.IsGreedy)
        {
            var best = logits.argmax(-1, true);
            return (best, logits.log_softmax(-1).gather(-1, best));
        }
        var probabilities = (sampling.Temperature == 1 ? logits : logits.Mul((float)(1 / sampling.Temperature))).softmax(-1);
        var tokens = sampling.TopP < 1 || sampling.TopK > 0 || sampling.MinP > 0
            ? Truncated(probabilities, sampling, uniforms)
            : Invert(probabilities.to(ScalarType.Float64).cumsum(-1), uniforms, probabilities);
        return (tokens, probabilities.gather(-1, tokens).log());
    }

    // The first place whose cumulated probability exceeds the number; the most likely token where rounding leaves the sum a little under it.
    static Tensor Invert(Tensor cumulated, Tensor uniforms, Tensor probabilities)
    {
        var places = searchsorted(cumulated, uniforms, right: true);
        return where(places.Lt(probabilities.shape[1]), places, probabilities.argmax(-1, true));
    }

    static Tensor Truncated(Tensor probabilities, Sampling sampling, Tensor uniforms)
    {
        var most = (int)Math.Min(sampling.TopK > 0 ? sampling.TopK : long.MaxValue, probabilities.shape[1]);
        var (sorted, order) = sampling.TopK > 0 ? probabilities.topk(most) : probabilities.sort(-1, descending: true, stable: true);
        var wide = sorted.to(ScalarType.Float64);
        var cumulated = wide.cumsum(-1);
        // Places that each rule keeps, [R, 1].
        var kept = sampling.MinP > 0
            ? wide.gt(wide.narrow(1, 0, 1).Mul(sampling.MinP * Sampler.MinPMargin)).sum(1, true)
            : Arithmetic.Full([probabilities.shape[0], 1], (long)most, ScalarType.Int64, probabilities.device);
        if (sampling.TopP < 1)
        {
            var total = sampling.TopK > 0 || sampling.MinP > 0 ? cumulated.gather(1, kept.Sub(1)).Mul(sampling.TopP) : Arithmetic.Full([1, 1], sampling.TopP, ScalarType.Float64, probabilities.device);
            kept = minimum(kept, (cumulated - wide).lt(total).sum(1, true).ClampMin(1));
        }
        var last = kept.Sub(1);
        var mass = cumulated.gather(1, last);
        return order.gather(1, minimum(searchsorted(cumulated, uniforms * mass, right: true), last));
    }
}
