using System.Net;
using Rlef.Dialogue;
using Rlef.Execution;

namespace Rlef.Server;

/// <summary>Where the judge is offered, to whom, and how much of it.</summary>
public sealed record JudgeServerOptions
{
    public IPAddress Host { get; init; } = IPAddress.Loopback;

    /// <summary>0 for any that is free.</summary>
    public int Port { get; init; } = 8017;

    /// <summary>What clients must show; null lets in whoever reaches a loopback address.</summary>
    public ApiKey? Key { get; init; }

    /// <summary>The sentences of the feedback.</summary>
    public DialogueWording Wording { get; init; } = DialogueWording.CodeContests;

    /// <summary>Limits of a test that a request brings, and of a problem without limits of its own. A request can lower them.</summary>
    public Limits Limits { get; init; } = Limits.Default;

    /// <summary>Longest body of a request.</summary>
    public long MaxRequestBytes { get; init; } = 8 << 20;

    /// <summary>Programs in a request.</summary>
    public int MaxPrograms { get; init; } = 256;

    /// <summary>Tests that a request brings for a program.</summary>
    public int MaxTests { get; init; } = 1000;

    /// <summary>Requests under way, those that wait for a worker among them; further ones are turned away.</summary>
    public int MaxRequests { get; init; } = 32;

    /// <exception cref="ArgumentException">The address is no loopback address, and there is no key.</exception>
    public void Check()
    {
        if (Key is null && !IPAddress.IsLoopback(Host))
            throw new ArgumentException($"{Host} is reached from other machines, and whoever reaches it could run programs. Set a key for them, {ApiKey.Variable}=…, or listen on {IPAddress.Loopback}.");
    }
}
