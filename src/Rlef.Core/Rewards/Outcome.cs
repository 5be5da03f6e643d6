using Rlef.Dialogue;
using Rlef.Execution;

namespace Rlef.Rewards;

/// <summary>The four classes that CodeRL and RLTF reward (RLTF section 3.3).</summary>
public enum Outcome { SyntaxError, Error, Failure, Pass }

/// <summary>Sorts episodes into outcomes.</summary>
public static class Outcomes
{
    /// <summary>The last program's outcome over all tests. A response without code counts as a syntax error.</summary>
    public static Outcome Of(Episode episode) => WorstVerdict(episode) switch
    {
        null or VerdictKind.CompileError => Outcome.SyntaxError,
        VerdictKind.Accepted => Outcome.Pass,
        VerdictKind.WrongAnswer => Outcome.Failure,
        _ => Outcome.Error,
    };

    /// <summary>The last program's verdicts, public and private.</summary>
    public static IEnumerable<Verdict> Verdicts(Episode episode) =>
        (episode.Last.Public?.Verdicts ?? []).Concat(episode.Private?.Verdicts ?? []);

    /// <summary>Share of all tests that the last program passes.</summary>
    public static double PassRatio(Episode episode) => Verdicts(episode).Count(v => v.Kind == VerdictKind.Accepted)
        / (double)(episode.Problem.PublicTests.Length + episode.Problem.PrivateTests.Length);

    static VerdictKind? WorstVerdict(Episode episode) => episode.Last.Code is null ? null : Verdicts(episode).Max(v => v.Kind);
}
