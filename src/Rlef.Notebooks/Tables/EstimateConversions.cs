using Rlef.Evaluation;

namespace Rlef.Notebooks;

/// <summary>Intervals of the core as estimates of tables and figures.</summary>
public static class EstimateConversions
{
    /// <summary>A share, shown in percent.</summary>
    public static Estimate ToEstimate(this Interval interval) => new(interval.Estimate, interval.Low, interval.High, Estimate.Share);
}
