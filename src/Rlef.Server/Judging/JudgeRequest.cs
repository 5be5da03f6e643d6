using Rlef.Execution;
using Rlef.Problems;

namespace Rlef.Server;

/// <summary>Programs to judge.</summary>
/// <param name="StopAtFirstFailure">Leave out the tests of a program after the first that is not accepted.</param>
sealed record JudgeRequest(IReadOnlyList<JudgeItem> Items, bool StopAtFirstFailure = false);

/// <summary>A program, and what it is judged by: a problem of the server's set, or tests.</summary>
sealed record JudgeItem
{
    /// <summary>Python source.</summary>
    public string? Program { get; init; }

    /// <summary>A model's whole response instead, which holds the program in a code block.</summary>
    public string? Response { get; init; }

    /// <summary>Id of a problem of the server's set.</summary>
    public string? Problem { get; init; }

    /// <summary>Tests instead.</summary>
    public IReadOnlyList<TestCase>? Tests { get; init; }

    /// <summary>With tests: the function to call; null for a program that reads standard input.</summary>
    public string? EntryPoint { get; init; }

    /// <summary>With tests: how outputs are compared; null for tokens, or values where there is an entry point.</summary>
    public Comparison? Comparison { get; init; }

    public LowerLimits? Limits { get; init; }
}
