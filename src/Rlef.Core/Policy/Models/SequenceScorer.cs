using static TorchSharp.torch;

namespace Rlef.Policy;

/// <summary>Log-probabilities that a model gives to a text's tokens.</summary>
public static class SequenceScorer
{
    // Positions whose logits exist together; large vocabularies would fill the memory with all of them.
    const int Chunk = 128;

    /// <returns>For each token but the first, its log-probability after those before it: one value fewer than <paramref name="ids"/>.</returns>
    /// <exception cref="InvalidDataException">The text is longer than the model's positions.</exception>
    /// <exception cref="NotFiniteNumberException">The model computes NaN or infinity.</exception>
    public static float[] LogProbs(Transformer model, IReadOnlyList<int> ids)
    {
        if (ids.Count > model.Config.MaxPositionEmbeddings)
            throw new InvalidDataException($"A text of {ids.Count} tokens exceeds the model's {model.Config.MaxPositionEmbeddings} positions.");
        if (ids.Count < 2)
            return [];
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var tokens = tensor([.. ids.Select(i => (long)i)], [1, ids.Count]).to(model.Device);
        var hidden = model.Hidden(tokens.narrow(1, 0, ids.Count - 1)).squeeze(0);
        var targets = tokens.view(-1).narrow(0, 1, ids.Count - 1);
        var result = new float[ids.Count - 1];
        for (var at = 0; at < result.Length; at += Chunk)
        {
            using var inner = NewDisposeScope();
            var count = Math.Min(Chunk, result.Length - at);
            var logits = model.Logits(hidden.narrow(0, at, count)).to(ScalarType.Float32);
            new TokenDistribution(logits).Of(targets.narrow(0, at, count)).cpu().contiguous().data<float>().ToArray().CopyTo(result, at);
        }
        return Array.TrueForAll(result, float.IsFinite) ? result : throw NotFinite.Of(model, "The text's log-probabilities");
    }
}
