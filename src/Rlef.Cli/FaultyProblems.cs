using System.CommandLine;
using Rlef.Experiments;
using Rlef.Problems;

namespace Rlef.Cli;

/// <summary>The option that lets a set be used although some of its problems cannot be read or judged.</summary>
static class FaultyProblems
{
    public static Option<bool> Create() => new("--skip-faulty") { Description = "Leave out problems that cannot be read or judged, and say how many; otherwise the first of them is an error." };

    /// <exception cref="InvalidDataException">A problem is faulty and is not to be left out.</exception>
    public static Task<ProblemSet> ReadAsync(Laboratory laboratory, string path, bool skip, CancellationToken cancellation) =>
        laboratory.ReadProblemsAsync(path, LeftOut(skip), cancellation);

    /// <summary>Tells of what is left out, or that it should not be.</summary>
    public static Action<IReadOnlyList<ProblemFault>> LeftOut(bool skip) => faults =>
    {
        if (!skip)
            throw new InvalidDataException($"{faults[0]} --skip-faulty leaves such problems out.");
        Console.Error.WriteLine($"{faults.Count} problem{(faults.Count > 1 ? "s" : "")} left out, such as {faults[0]}");
    };
}
