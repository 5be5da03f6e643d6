using static TorchSharp.torch;

namespace Rlef.Learning;

/// <summary>
/// An average of what a policy's weights were after each update, recent ones counting most (Polyak and Juditsky 1992, as an exponential average). What a step
/// learns by chance cancels out in it, as where the rate falls to 0 at a run's end, but without an end in view.
/// </summary>
/// <remarks>
/// w̄ ← d w̄ + (1 − d) w, with d = min(decay, t / (t + 1)) after t earlier updates: the plain mean until there are enough. Of adapters both factors are averaged,
/// which is not the average of their products.
/// </remarks>
sealed class WeightAverage(IReadOnlyDictionary<string, TorchSharp.Modules.Parameter> weights, double decay) : IDisposable
{
    readonly Dictionary<string, Tensor> averages = weights.ToDictionary(w => w.Key, w => w.Value.detach().clone().DetachFromDisposeScope());

    /// <summary>By the names of the weights, for checkpoints.</summary>
    public IEnumerable<(string Name, Tensor Tensor)> State => averages.Select(a => (a.Key, a.Value));

    /// <summary>Takes the weights as they are into the average.</summary>
    /// <param name="earlier">Updates before this one.</param>
    public void Add(int earlier)
    {
        using var _ = no_grad();
        var share = 1 - Math.Min(decay, earlier / (earlier + 1.0));
        foreach (var (name, average) in averages)
            average.lerp_(weights[name], share);
    }

    /// <summary>Makes it the weights.</summary>
    public void Apply()
    {
        using var _ = no_grad();
        foreach (var (name, average) in averages)
            weights[name].copy_(average);
    }

    public void Dispose()
    {
        foreach (var average in averages.Values)
            average.Dispose();
    }
}
