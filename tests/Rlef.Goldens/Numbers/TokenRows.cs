using Rlef.Critics;
using Rlef.Experience;
using Rlef.Objectives;
using static TorchSharp.torch;

namespace Rlef.Goldens.Numbers;

/// <summary>Rows of tokens, of which those with mask 1 count: one training sequence a row.</summary>
/// <param name="mask">[B, T]</param>
sealed class TokenRows(double[][] mask)
{
    /// <summary>[B] tokens that count.</summary>
    public int[] Counts { get; } = [.. mask.Select(r => r.Count(m => m != 0))];

    public int Rows => mask.Length;

    public int Columns => mask[0].Length;

    /// <summary>The entries that count, row by row.</summary>
    public double[] Pick(double[][] matrix) => [.. mask.SelectMany((r, i) => Pick(matrix, i))];

    public double[] Pick(double[][] matrix, int row) => [.. matrix[row].Where((_, t) => mask[row][t] != 0)];

    /// <summary>[B, T] with zeros where nothing counts.</summary>
    public double[][] Spread(IEnumerable<double> tokens)
    {
        using var next = tokens.GetEnumerator();
        return [.. mask.Select(r => r.Select(m => m != 0 && next.MoveNext() ? next.Current : 0).ToArray())];
    }

    /// <summary>[B, T] the same number for all tokens of a row.</summary>
    public double[][] Repeat(double[] rows) => [.. rows.Select(x => Enumerable.Repeat(x, Columns).ToArray())];

    /// <summary>One-turn sequences.</summary>
    /// <param name="groups">[B]; null for one group.</param>
    /// <param name="turn">[B] the turns' rewards.</param>
    /// <param name="tokens">[B, T] the tokens' rewards; null for none.</param>
    public TrainingSequence[] Sequences(double[]? groups, double[] turn, double[][]? tokens = null) => [.. mask.Select((_, i) =>
    {
        var count = Counts[i];
        return new TrainingSequence($"{groups?[i] ?? 0}", new int[count + 1], [.. Enumerable.Range(0, count)], new int[count], new double[count], [turn[i]],
            tokens is null ? [] : Pick(tokens, i));
    })];

    /// <summary>Gives sequences the numbers [B, T] of their tokens.</summary>
    public void Set(IReadOnlyList<TrainingSequence> sequences, Func<TrainingSequence, double[]> which, double[][] values)
    {
        for (var i = 0; i < sequences.Count; i++)
            Pick(values, i).CopyTo(which(sequences[i]), 0);
    }

    /// <summary>[B, T] advantages with zeros where nothing counts.</summary>
    public double[][] Advantages(IEnumerable<TrainingSequence> sequences) => Spread(sequences.SelectMany(s => s.Advantages));

    /// <summary>The critic's loss over all sites and its gradient [B, T].</summary>
    public (double Loss, double[][] Gradient) ValueLoss(double[][] values, double[][] old, double[][] returns, double clip)
    {
        using var scope = NewDisposeScope();
        var v = Leaf(values);
        var sites = Aggregation.TokenMean.Weights(Counts, Columns);
        return Backward((Critics.ValueLoss.Of(v, Constant(old), Constant(returns), clip) * Weights(sites)).sum(), v);
    }

    public Tensor Leaf(double[][] matrix) => Constant(matrix).requires_grad_(true);

    public Tensor Constant(double[][] matrix) => tensor(Pick(matrix));

    /// <summary>[N] the weight of each token's row.</summary>
    public Tensor Weights(double[] rows) => tensor(Pick(Repeat(rows)));

    public (double Loss, double[][] Gradient) Backward(Tensor loss, Tensor leaf)
    {
        if (Counts.Sum() == 0)
            return (loss.item<double>(), Spread([]));
        loss.backward();
        return (loss.item<double>(), Spread(leaf.grad is { } grad ? grad.data<double>().ToArray() : new double[Counts.Sum()]));
    }
}
