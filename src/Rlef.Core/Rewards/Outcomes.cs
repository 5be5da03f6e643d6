using Rlef.Dialogue;
using Rlef.Execution;

namespace Rlef.Rewards;

/// <summary>Sorts programs into outcomes.</summary>
public static class Outcomes
{
    /// <summary>The last program's outcome over all tests. A response without code counts as a syntax error.</summary>
    public static Outcome Of(Episode episode) => Of(Verdicts(episode));

    /// <summary>A program's outcome: the worst of its verdicts; without any, there is no program.</summary>
    /// <exception cref="ArgumentException">The sandbox failed, so there is no outcome.</exception>
    public static Outcome Of(IEnumerable<Verdict> verdicts) => verdicts.Max(v => (VerdictKind?)v.Kind) switch
    {
        null or VerdictKind.CompileError => Outcome.SyntaxError,
        VerdictKind.Accepted => Outcome.Pass,
        VerdictKind.WrongAnswer => Outcome.Failure,
        VerdictKind.InfrastructureError => throw new ArgumentException("The sandbox failed: that is no outcome of the program.", nameof(verdicts)),
        _ => Outcome.Error,
    };

    /// <summary>The last program's verdicts, public and private; none without code.</summary>
    public static IEnumerable<Verdict> Verdicts(Episode episode) =>
        (episode.Last.Public?.Verdicts ?? []).Concat(episode.Private?.Verdicts ?? []);

    /// <summary>Share of all tests that the last program passes.</summary>
    public static double PassRatio(Episode episode) => Verdicts(episode).Count(v => v.Kind == VerdictKind.Accepted)
        / (double)(episode.Problem.PublicTests.Length + episode.Problem.PrivateTests.Length);
}
