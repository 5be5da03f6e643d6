using Rlef.Advantages;
using Rlef.Critics;
using Rlef.Experience;

namespace Rlef.Core.Tests.Learning;

/// <summary>A_i = R_i − median over the dialogues of one problem: a single lucky answer does not make all others look bad.</summary>
public sealed record MedianAdvantage : IAdvantage
{
    /// <summary>No critic is learned.</summary>
    public ValueSites Sites => ValueSites.None;

    public void Estimate(IReadOnlyList<TrainingSequence> batch, RunMemory memory)
    {
        foreach (var group in batch.GroupBy(s => s.Group))
        {
            var pay = group.Select(s => s.Pay).Order().ToArray();
            var median = (pay[(pay.Length - 1) / 2] + pay[pay.Length / 2]) / 2;
            foreach (var sequence in group)
                Array.Fill(sequence.Advantages, sequence.Pay - median);
        }
    }
}
