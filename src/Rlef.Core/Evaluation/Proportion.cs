namespace Rlef.Evaluation;

/// <summary>Intervals of shares of independent trials that may be 0 or 1, of which a variance would know nothing.</summary>
public static class Proportion
{
    const double Z = 1.959963984540054;

    /// <summary>Wilson's score interval (1927) of 95 % for independent trials.</summary>
    /// <returns>NaN for no trials.</returns>
    public static Interval Wilson(int successes, int trials)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(successes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(successes, trials);
        var share = (double)successes / trials;
        var (middle, spread) = (share + Z * Z / (2 * trials), Z * Math.Sqrt(share * (1 - share) / trials + Z * Z / (4.0 * trials * trials)));
        var scale = 1 + Z * Z / trials;
        return new(share, successes == 0 ? 0 : (middle - spread) / scale, successes == trials ? 1 : (middle + spread) / scale);
    }
}
