using static TorchSharp.torch;

namespace Rlef.Goldens.Numbers;

/// <summary>Logits [B, T, V] and the tokens [B, T] that they are to predict.</summary>
sealed class LogitRows
{
    readonly int columns;

    public LogitRows(double[][][] logits, double[][] targets)
    {
        columns = logits[0].Length;
        double[] all = [.. logits.SelectMany(r => r).SelectMany(r => r)];
        Leaf = tensor(all, [logits.Length * columns, logits[0][0].Length]).requires_grad_(true);
        Targets = tensor(targets.SelectMany(r => r).Select(t => Math.Max(0, (long)t)).ToArray());
    }

    /// <summary>[B·T, V]</summary>
    public Tensor Leaf { get; }

    /// <summary>[B·T]; what is none is 0.</summary>
    public Tensor Targets { get; }

    /// <summary>Places of the tokens that count.</summary>
    public Tensor Pick(double[][] mask) =>
        tensor(mask.SelectMany((r, i) => r.Select((m, t) => (m, at: (long)i * columns + t))).Where(x => x.m != 0).Select(x => x.at).ToArray());

    /// <summary>Sets d loss / d logits beside a row's.</summary>
    public void Compare(Comparison comparison, string what, double[][][] theirs) =>
        comparison.Same(what, [.. theirs.SelectMany(r => r).SelectMany(r => r)], Leaf.grad is { } grad ? grad.data<double>().ToArray() : new double[Leaf.numel()]);
}
