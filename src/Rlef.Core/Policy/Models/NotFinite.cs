using static TorchSharp.torch;

namespace Rlef.Policy;

/// <summary>Says why numbers that a model computed are NaN or infinite, with which nothing can go on.</summary>
public static class NotFinite
{
    /// <param name="model">Null where it is not known.</param>
    /// <param name="what">The numbers, such as <c>the logits</c>.</param>
    public static NotFiniteNumberException Of(Transformer? model, string what)
    {
        var broken = First(model?.Parameters.Select(p => (p.Key, (Tensor)p.Value)) ?? []);
        return new($"{what} are not finite: " + (broken is null
            ? "the weights are finite, so numbers on the way overflow. Such weights come from training that diverged; take a checkpoint from before."
            : $"the weight {broken} holds NaN or infinity. Take another checkpoint, or export this one again."));
    }

    /// <summary>Name of the first tensor that holds NaN or infinity; null for none.</summary>
    public static string? First(IEnumerable<(string Name, Tensor Tensor)> tensors)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var all = tensors.ToList();
        if (all.Count == 0)
            return null;
        var flags = all.ConvertAll(t => IsFinite(t.Tensor));
        // The one place that waits for a device, whatever the number of tensors.
        var finite = stack(flags.Select(flag => flag.to(flags[0].device))).cpu().data<bool>().ToArray();
        return Array.IndexOf(finite, false) is >= 0 and var broken ? all[broken].Name : null;
    }

    static Tensor IsFinite(Tensor tensor)
    {
        using var finite = tensor.isfinite();
        return finite.all();
    }
}
