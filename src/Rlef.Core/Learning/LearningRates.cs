namespace Rlef.Learning;

/// <summary>The values of a <see cref="LearningRateSchedule"/>.</summary>
public static class LearningRates
{
    /// <summary>Share of the full learning rate: rising to 1 over the warm-up, then as the schedule has it.</summary>
    /// <param name="step">Optimizer steps taken before this one.</param>
    /// <param name="total">Steps after which <paramref name="floor"/> is reached.</param>
    public static double Share(this LearningRateSchedule schedule, long step, long warmup, long total, double floor = 0)
    {
        if (step < warmup)
            return (step + 1.0) / warmup;
        var progress = Math.Clamp((step - warmup) / (double)Math.Max(1, total - warmup), 0, 1);
        return schedule switch
        {
            LearningRateSchedule.Linear => 1 - (1 - floor) * progress,
            LearningRateSchedule.Cosine => floor + (1 - floor) / 2 * (1 + Math.Cos(Math.PI * progress)),
            _ => 1,
        };
    }
}
