namespace Rlef.Server;

/// <summary>Where a policy is offered, to whom, and how much of it.</summary>
public sealed record PolicyServerOptions : ServerOptions
{
    public override int Port { get; init; } = 8018;
    public override int MaxRequests { get; init; } = 256;

    /// <summary>Responses in a request: prompts times choices.</summary>
    public int MaxChoices { get; init; } = 128;

    protected override string Danger => "use the policy";
}
