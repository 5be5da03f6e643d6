using FsCheck;
using FsCheck.Fluent;
using Rlef.Objectives;
using static Rlef.Core.Tests.Sequences;

namespace Rlef.Core.Tests.Objectives;

public sealed class AggregationTests
{
    [Theory]
    [InlineData(Aggregation.TokenMean, 1 / 5.0, 1 / 5.0)]
    [InlineData(Aggregation.SequenceMean, 1 / 2.0, 1 / 8.0)]
    [InlineData(Aggregation.SequenceSum, 1 / 2.0, 1 / 2.0)]
    [InlineData(Aggregation.SequenceSumOverLength, 1 / 20.0, 1 / 20.0)]
    [InlineData(Aggregation.Sum, 1.0, 1.0)]
    public void Weights_of_a_token_alone_and_of_four_together(Aggregation aggregation, double one, double four) =>
        // A sequence without tokens is none.
        Near([one, 0, four], aggregation.Weights([1, 0, 4], longest: 10));

    [Theory]
    [InlineData(Aggregation.TokenMean)]
    [InlineData(Aggregation.SequenceMean)]
    [InlineData(Aggregation.Sum)]
    public void Of_nothing_there_is_no_weight(Aggregation aggregation)
    {
        Assert.Empty(aggregation.Weights([], 10));
        Assert.Equal([0, 0], aggregation.Weights([0, 0], 10));
    }

    [Fact]
    public void The_weights_of_a_mean_sum_to_one() => Prop.ForAll(Arb.From(Gen.Choose(0, 50).NonEmptyListOf()), counts =>
        counts.All(n => n == 0) || new[] { Aggregation.TokenMean, Aggregation.SequenceMean }.All(aggregation =>
            Math.Abs(aggregation.Weights([.. counts], 50).Zip(counts, (w, n) => w * n).Sum() - 1) < 1e-9)).QuickCheckThrowOnFailure();
}
