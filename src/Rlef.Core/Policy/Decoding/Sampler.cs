using System.Buffers;
using System.Numerics.Tensors;
using Rlef.Randomness;

namespace Rlef.Policy;

/// <summary>Draws a token from logits.</summary>
public static class Sampler
{
    /// <summary>Rounding must not drop the token that lies at the bound of min-p itself.</summary>
    internal const double MinPMargin = 1 - 1e-6;

    /// <param name="logits">[V] unnormalised log-probabilities; overwritten.</param>
    /// <returns>The token, and its log-probability at the sampling temperature before top-k, top-p and min-p took effect.</returns>
    public static (int Token, float LogProb) Sample(Span<float> logits, Sampling sampling, ref RandomStream random)
    {
        if (sampling.IsGreedy)
        {
            var best = TensorPrimitives.IndexOfMax(logits);
            return (best, LogProbAt(logits, best));
        }
        // Shifted, so that the exponentials of large logits stay finite, and those of small ones exact.
        TensorPrimitives.Subtract(logits, TensorPrimitives.Max(logits), logits);
        TensorPrimitives.Multiply(logits, (float)(1 / sampling.Temperature), logits);
        TensorPrimitives.SoftMax(logits, logits);
        var token = sampling.TopP < 1 || sampling.TopK > 0 || sampling.MinP > 0 ? Truncated(logits, sampling, ref random) : Draw(logits, random.NextDouble());
        return (token, MathF.Log(logits[token]));
    }

    /// <summary>Draws one token of each response, whose logits come to the host.</summary>
    internal static void Sample(IDecoder decoder, ReadOnlySpan<OpenResponse> responses)
    {
        var (rows, pending) = (new int[responses.Length], new ReadOnlyMemory<int>[responses.Length]);
        for (var i = 0; i < responses.Length; i++)
            (rows[i], pending[i]) = (responses[i].Row, responses[i].Pending);
        var vocabulary = decoder.VocabularySize;
        var logits = ArrayPool<float>.Shared.Rent(checked(responses.Length * vocabulary));
        try
        {
            decoder.Append(rows, pending, logits);
            for (var i = 0; i < responses.Length; i++)
            {
                var row = logits.AsSpan(i * vocabulary, vocabulary);
                if (!float.IsFinite(TensorPrimitives.Max(row)))
                    throw NotFinite.Of(decoder.Model, "The policy's logits");
                responses[i].Draw(row);
            }
        }
        finally
        {
            ArrayPool<float>.Shared.Return(logits);
        }
    }

    /// <summary>The most likely tokens, the likeliest first; of equally likely ones those of lower numbers.</summary>
    /// <param name="logits">[V], left as they are.</param>
    internal static TokenChance[] MostLikely(ReadOnlySpan<float> logits, Sampling sampling, int count)
    {
        var (scale, max, sum) = (sampling.IsGreedy ? 1 : 1 / sampling.Temperature, TensorPrimitives.Max(logits), 0.0);
        foreach (var x in logits)
            sum += Math.Exp((x - max) * scale);
        PriorityQueue<int, (float, int)> kept = new(count + 1);
        for (var token = 0; token < logits.Length; token++)
            if (kept.Count < count)
                kept.Enqueue(token, (logits[token], -token));
            else
                kept.EnqueueDequeue(token, (logits[token], -token));
        var chances = new TokenChance[kept.Count];
        for (var i = chances.Length - 1; i >= 0; i--)
        {
            var token = kept.Dequeue();
            chances[i] = new(token, (float)((logits[token] - max) * scale - Math.Log(sum)));
        }
        return chances;
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

    // Each rule keeps the most likely tokens up to some place; the first place of all counts. Top-p measures what the others have left.
    static int Truncated(ReadOnlySpan<float> probabilities, Sampling sampling, ref RandomStream random)
    {
        // Where only top-p counts, tokens too rare to matter even all together need not be sorted.
        var nucleus = sampling.TopK == 0 && sampling.MinP <= 0;
        var floor = nucleus ? (1 - sampling.TopP) / probabilities.Length
            : sampling.MinP > 0 ? sampling.MinP * TensorPrimitives.Max(probabilities) * MinPMargin
            : -1;
        var count = 0;
        foreach (var p in probabilities)
            if (p > floor)
                count++;
        var (order, keys) = (new int[count], new float[count]);
        for (int i = 0, n = 0; i < probabilities.Length; i++)
            if (probabilities[i] > floor)
                (order[n], keys[n++]) = (i, -probabilities[i]);
        Array.Sort(keys, order);
        var most = sampling.TopK > 0 ? Math.Min(sampling.TopK, count) : count;
        var total = 1.0;
        if (!nucleus)
        {
            total = 0;
            for (var i = 0; i < most; i++)
                total -= keys[i];
        }
        var kept = 0;
        var mass = 0.0;
        do
            mass -= keys[kept++];
        while (kept < most && mass < sampling.TopP * total);
        var u = random.NextDouble() * mass;
        for (var i = 0; i < kept; i++)
            if ((u += keys[i]) < 0)
                return order[i];
        return order[kept - 1];
    }
}
