using Rlef.Policy;

namespace Rlef.Benchmarks;

/// <summary>Lets the sides of a comparison take turns, so that a busy moment of the machine meets all of them.</summary>
static class Rounds
{
    const int Tries = 2;

    /// <summary>
    /// Median times of each side. Each first tries all threads and one, for on a busy machine waiting threads cost more than they bring, and keeps what
    /// serves it better.
    /// </summary>
    public static Task<Timing[]> CompareAsync(int rounds, params IReadOnlyList<Contender> sides) => CompareAsync(rounds, Cores.Count, sides);

    /// <summary>The same with a given number of threads at most.</summary>
    public static async Task<Timing[]> CompareAsync(int rounds, int maxThreads, params IReadOnlyList<Contender> sides)
    {
        var threads = new int[sides.Count];
        for (var i = 0; i < sides.Count; i++)
            threads[i] = await BestAsync(sides[i], maxThreads);
        var times = sides.Select(_ => new List<double>()).ToArray();
        for (var round = 0; round < rounds; round++)
            for (var i = 0; i < sides.Count; i++)
                times[i].Add(await sides[i].Round(threads[i]));
        return [.. times.Select((t, i) => new Timing(Statistics.Median(t), threads[i]))];
    }

    // The first tries also warm up.
    static async Task<int> BestAsync(Contender side, int maxThreads)
    {
        var (one, many) = (double.MaxValue, double.MaxValue);
        for (var i = 0; i < Tries; i++)
            (one, many) = (Math.Min(one, await side.Round(1)), maxThreads == 1 ? many : Math.Min(many, await side.Round(maxThreads)));
        return one < many ? 1 : maxThreads;
    }
}
