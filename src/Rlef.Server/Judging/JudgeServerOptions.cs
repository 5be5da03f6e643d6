using Rlef.Dialogue;
using Rlef.Execution;

namespace Rlef.Server;

/// <summary>Where the judge is offered, to whom, and how much of it.</summary>
public sealed record JudgeServerOptions : ServerOptions
{
    public override int Port { get; init; } = 8017;

    /// <summary>The sentences of the feedback.</summary>
    public DialogueWording Wording { get; init; } = DialogueWording.CodeContests;

    /// <summary>Limits of a test that a request brings, and of a problem without limits of its own. A request can lower them.</summary>
    public Limits Limits { get; init; } = Limits.Default;

    /// <summary>Programs in a request.</summary>
    public int MaxPrograms { get; init; } = 256;

    /// <summary>Tests that a request brings for a program.</summary>
    public int MaxTests { get; init; } = 1000;

    public override int MaxRequests { get; init; } = 32;

    protected override string Danger => "run programs";
}
