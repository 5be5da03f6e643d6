using System.Numerics.Tensors;
using Rlef.Randomness;

namespace Rlef.Policy;

/// <summary>Draws a token from logits.</summary>
public static class Sampler
{
    /// <param name="logits">[V] unnormalised log-probabilities; overwritten.</param>
    /// <returns>The token, and its log-probability at the sampling temperature before top-p took effect.</returns>
    public static (int Token, float LogProb) Sample(Span<float> logits, Sampling sampling, ref RandomStream random)
    {
        if (sampling.Temperature <= 0)
        {
            var best = TensorPrimitives.IndexOfMax(logits);
            return (best, LogProbAt(logits, best));
        }
        TensorPrimitives.Multiply(logits, (float)(1 / sampling.Temperature), logits);
        TensorPrimitives.SoftMax(logits, logits);
        var token = sampling.TopP < 1 ? Nucleus(logits, sampling.TopP, ref random) : Draw(logits, random.NextDouble());
        return (token, MathF.Log(logits[token]));
    }

    static float LogProbAt(ReadOnlySpan<float> logits, int token)
    {
        var max = TensorPrimitives.Max(logits);
        var sum = 0.0;
        foreach (var x in logits)
            sum += Math.Exp(x - max);
        return (float)(logits[token] - max - Math.Log(sum));
    }

    static int Draw(ReadOnlySpan<float> probabilities, double u)
    {
        var sum = 0.0;
        for (var i = 0; i < probabilities.Length; i++)
            if ((sum += probabilities[i]) > u)
                return i;
        // Rounding may leave the sum a little under one.
        return TensorPrimitives.IndexOfMax(probabilities);
    }

    static int Nucleus(ReadOnlySpan<float> probabilities, double topP, ref RandomStream random)
    {
        // Tokens too rare to matter even all together need not be sorted.
        var floor = (1 - topP) / probabilities.Length;
        var count = 0;
        foreach (var p in probabilities)
            if (p > floor)
                count++;
        var (order, keys) = (new int[count], new float[count]);
        for (int i = 0, n = 0; i < probabilities.Length; i++)
            if (probabilities[i] > floor)
                (order[n], keys[n++]) = (i, -probabilities[i]);
        Array.Sort(keys, order);
        var kept = 0;
        var mass = 0.0;
        while (kept < count && mass < topP)
            mass -= keys[kept++];
        var u = random.NextDouble() * mass;
        for (var i = 0; i < kept; i++)
            if ((u += keys[i]) < 0)
                return order[i];
        return order[kept - 1];
    }
}
