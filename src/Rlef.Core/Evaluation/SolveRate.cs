using MathNet.Numerics;

namespace Rlef.Evaluation;

/// <summary>Estimates from samples of one problem how often it is solved.</summary>
public static class SolveRate
{
    /// <summary>Unbiased pass@k (Chen et al. 2021): 1 − C(n−c, k) / C(n, k) for n samples of which c are correct.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer than k samples.</exception>
    public static double PassAtK(int samples, int correct, int k)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(k, samples);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(correct, samples);
        return 1 - Absent(samples, correct, k);
    }

    /// <summary>
    /// n@k (RLEF section 3.1): the chance that one of n programs is correct, when they are chosen from k samples in favour of those that pass the
    /// public tests. The exact expectation over all draws that Li et al. 2022 estimate by resampling.
    /// </summary>
    /// <param name="samples">Number of samples at hand.</param>
    /// <param name="publicPassed">How many pass the public tests.</param>
    /// <param name="solved">How many of those pass the private tests too.</param>
    public static double NAtK(int samples, int publicPassed, int solved, int n, int k)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(k, samples);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(publicPassed, samples);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(solved, publicPassed);
        var rate = 0.0;
        for (var j = 1; j <= Math.Min(k, publicPassed); j++)
        {
            // j of the k drawn pass the public tests; which ones is left to chance, so any of them stands for the whole class.
            var drawn = Math.Exp(LogChoose(publicPassed, j) + LogChoose(samples - publicPassed, k - j) - LogChoose(samples, k));
            rate += drawn * (1 - Absent(publicPassed, solved, Math.Min(n, j)));
        }
        // Logarithms round: what is certain is a share of 1, and none is more.
        return rate > 1 - Rounding ? 1 : rate;
    }

    const double Rounding = 1e-9;

    // Chance that k of n draws without replacement hold none of c marked ones.
    static double Absent(int n, int c, int k)
    {
        if (n - c < k)
            return 0;
        var absent = 1.0;
        for (var i = 0; i < k; i++)
            absent *= (n - c - i) / (double)(n - i);
        return absent;
    }

    static double LogChoose(int n, int k) => k < 0 || k > n ? double.NegativeInfinity : SpecialFunctions.BinomialLn(n, k);
}
