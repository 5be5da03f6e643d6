using Rlef.Objectives;
using static TorchSharp.torch;

namespace Rlef.Goldens.Numbers;

/// <summary>What a step makes smaller, for rows of tokens [B, T].</summary>
sealed record PolicyStep
{
    /// <summary>A bound that bounds nothing.</summary>
    public const double Unbounded = 1e30;

    public required double[][] Mask { get; init; }
    public required double[][] LogProbs { get; init; }
    public required double[][] Advantages { get; init; }
    public required IObjective Objective { get; init; }
    public Aggregation Aggregation { get; init; } = Aggregation.TokenMean;

    /// <summary>Null where the policy of the start is this one.</summary>
    public double[][]? Old { get; init; }

    /// <summary>Null for the policy of the start of the update.</summary>
    public double[][]? Behaviour { get; init; }

    /// <summary>Importance weights that a row gives instead: the behaviour policy is the one that has them.</summary>
    public double[][]? Importance { get; init; }

    public double[][]? Reference { get; init; }
    public double[][]? Entropies { get; init; }
    public double EntropyWeight { get; init; }

    /// <summary>Of the KL penalty in the loss.</summary>
    public double KlWeight { get; init; }

    /// <summary>Most tokens that a row could have; null for the columns.</summary>
    public int? Longest { get; init; }

    /// <summary>Tokens of the other sequences of the minibatch, which go through the network elsewhere.</summary>
    public IReadOnlyList<int> Others { get; init; } = [];

    /// <summary>Where the gradients of several workers are averaged instead of summed.</summary>
    public double Workers { get; init; } = 1;

    public (double Loss, double[][] Gradient) Run()
    {
        using var scope = NewDisposeScope();
        var rows = new TokenRows(Mask);
        var logProbs = rows.Leaf(LogProbs);
        return rows.Backward(Loss(logProbs), logProbs);
    }

    /// <param name="logProbs">[N] of the tokens that count.</param>
    public Tensor Loss(Tensor logProbs)
    {
        var rows = new TokenRows(Mask);
        var old = Old is null ? logProbs.detach() : rows.Constant(Old);
        var behaviour = Importance is not null ? old - rows.Constant(Importance).log() : Behaviour is null ? old : rows.Constant(Behaviour);
        var tokens = new TokenBatch(logProbs, old, behaviour, Reference is null ? old : rows.Constant(Reference), rows.Constant(Advantages));
        var kl = new KlPenalty { In = KlPenalty.Place.Loss, By = KlPenalty.Estimator.K3, Weight = KlWeight };
        var losses = PolicyLoss.Of(tokens, Objective, kl, KlWeight, Entropies is null ? null : rows.Constant(Entropies), EntropyWeight);
        var weights = Aggregation.Weights([.. rows.Counts, .. Others], Longest ?? rows.Columns);
        return (losses * rows.Weights([.. weights.Take(rows.Rows).Select(w => w * Workers)])).sum();
    }

    /// <summary>Sets the loss and its gradient beside a row's.</summary>
    /// <param name="gradient">Name of the row's gradient.</param>
    /// <param name="cutsRatios">Whether the other cuts log-ratios at 20 as we do.</param>
    /// <param name="countsEmpty">Whether the other counts rows without tokens in its mean.</param>
    public void Compare(NumberRow row, Comparison comparison, string gradient, bool cutsRatios = true, bool countsEmpty = false)
    {
        var (loss, slopes) = Run();
        var theirs = row.Output("loss");
        double[] flat = [.. row.OutputMatrix(gradient).SelectMany(r => r)], ours = [.. slopes.SelectMany(r => r)];
        var rows = new TokenRows(Mask);
        var spoken = rows.Counts.Count(n => n > 0);
        if (spoken == 0)
        {
            comparison.Instead(Kinds.NoToken, "loss", theirs, 0, loss);
            comparison.Instead(Kinds.NoToken, gradient, flat, new double[flat.Length], ours);
            return;
        }
        var (kind, scale) = countsEmpty && spoken < rows.Rows ? (Kinds.EmptyRow, rows.Rows / (double)spoken) : (null, 1.0);
        double[] sane = [.. flat];
        var saneLoss = theirs;
        foreach (var (n, value, slope) in CutKl())
        {
            kind = Kinds.LargeKl;
            saneLoss -= value / scale;
            // What is left of a number of nine digits.
            sane[n] = Math.Abs(flat[n] - slope / scale) <= 1e-6 * Math.Abs(flat[n]) ? 0 : flat[n] - slope / scale;
        }
        foreach (var (n, other) in cutsRatios || Old is null ? [] : BeyondTheCut([.. sane], scale))
        {
            // The loss of a token whose ratio is not clipped is its own gradient; where we cut, that is 0.
            kind = Kinds.LargeRatio;
            saneLoss += (sane[n] - other) * (Math.Exp(20 - LogRatio(n)) - 1);
            sane[n] = other;
        }
        if (kind is null)
        {
            comparison.Same("loss", theirs, loss);
            comparison.Same(gradient, flat, ours);
            return;
        }
        comparison.Instead(kind, "loss", theirs, saneLoss * scale, loss);
        comparison.Instead(kind, gradient, flat, [.. sane.Select(s => s * scale)], ours);
    }

    double LogRatio(int n) => At(LogProbs, n) - At(Old!, n);

    static double At(double[][] matrix, int n) => matrix[n / matrix[0].Length][n % matrix[0].Length];

    // Tokens that the reference finds e^20 times likelier: what the other's k3 and its gradient are more than ours.
    IEnumerable<(int Token, double Value, double Slope)> CutKl()
    {
        if (Reference is null || KlWeight == 0)
            yield break;
        var rows = new TokenRows(Mask);
        var weights = Aggregation.Weights([.. rows.Counts, .. Others], Longest ?? rows.Columns);
        foreach (var n in Enumerable.Range(0, rows.Rows * rows.Columns).Where(n => At(Mask, n) != 0))
            if (At(LogProbs, n) - At(Reference, n) is < -20 and var d)
            {
                var weight = KlWeight * weights[n / rows.Columns] * Workers;
                yield return (n, weight * (Math.Exp(-d) + d - Math.Exp(20) + 20), weight * (1 - Math.Exp(-d)));
            }
    }

    // Tokens whose ratio is above e^20 and not clipped, with the part of their gradient that is not the objective's.
    IEnumerable<(int Token, double Other)> BeyondTheCut(double[] slopes, double scale)
    {
        var others = (this with { Advantages = [.. Advantages.Select(r => new double[r.Length])] }).Run().Gradient.SelectMany(r => r).Select(g => g / scale).ToArray();
        return Enumerable.Range(0, slopes.Length).Where(n => LogRatio(n) > 20 && Math.Abs(slopes[n] - others[n]) > 1).Select(n => (n, others[n]));
    }
}
