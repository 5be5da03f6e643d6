using System.Collections.Immutable;
using Rlef.Problems;

namespace Rlef.Execution;

/// <summary>Decides whether a program solves tests of a problem.</summary>
public interface IJudge
{
    /// <param name="program">Python source.</param>
    /// <param name="problem">Gives entry point, comparison and limits.</param>
    /// <param name="tests">Tests to run, usually the problem's public or private ones.</param>
    /// <param name="stopAtFirstFailure">Leave out the tests after the first that is not accepted.</param>
    /// <exception cref="ArgumentException"><paramref name="tests"/> is empty: nothing can be concluded from no test.</exception>
    Task<Judgement> JudgeAsync(string program, Problem problem, ImmutableArray<TestCase> tests, bool stopAtFirstFailure = false,
        CancellationToken cancellation = default);
}
