using Rlef.Advantages;
using Rlef.Critics;
using Rlef.Experience;

namespace Rlef.Core.Tests.Learning;

/// <summary>A_i = R_i − median over the dialogues of one problem: a single lucky answer does not make all others look bad.</summary>
public sealed record MedianAdvantage : IAdvantage
{
    /// <summary>No critic is learned.</summary>
    public ValueSites Sites => ValueSites.None;

    /// <summary>A dialogue without others about its problem teaches nothing.</summary>
    public bool ComparesWithinGroups => true;

    public void Estimate(IReadOnlyList<TrainingSequence> batch)
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
