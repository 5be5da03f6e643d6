using System.Collections.Immutable;
using Rlef.Execution;
using Rlef.Problems;

namespace Rlef.Dialogue;

/// <summary>One dialogue about one problem, from its statement to the last response.</summary>
/// <param name="Sample">Tells apart the episodes of one problem.</param>
/// <param name="Private">Verdicts of the last program on the private tests; null if it was not run: no code, or a failed public test.</param>
public sealed record Episode(Problem Problem, int Sample, ImmutableArray<Turn> Turns, Judgement? Private)
{
    public Turn Last => Turns[^1];

    /// <summary>The turns in which the policy spoke itself; none where what was given passes.</summary>
    public IEnumerable<Turn> Own => Turns.Where(t => !t.Given);

    /// <summary>Whether the last program passed all tests, public and private, and is the policy's own.</summary>
    public bool Solved => !Last.Given && Last.Public is { Accepted: true } && Private is { Accepted: true };

    /// <summary>Why a server broke it off; null if it came to its end.</summary>
    public Breakage? Broken => Last.Broken;

    /// <summary>Whether the sandbox or a server failed somewhere on the way, so that nothing can be concluded.</summary>
    public bool Masked => Broken?.SaysNothing() == true || Turns.Any(t => t.Public?.Kind == VerdictKind.InfrastructureError)
        || Private?.Kind == VerdictKind.InfrastructureError;

    /// <summary>Whether it says something of the policy: it came to its end, and the policy spoke. What was given may pass, or leave no room for more.</summary>
    public bool Counts => !Masked && Own.Any();

    /// <summary>Tests run, public ones of every turn and private ones.</summary>
    public int Executions => Turns.Sum(t => t.Public?.Verdicts.Length ?? 0) + (Private?.Verdicts.Length ?? 0);

    /// <summary>Tokens of the whole dialogue.</summary>
    public int Length => Turns.Sum(t => t.Prompt.Length + t.Response.Length);
}
