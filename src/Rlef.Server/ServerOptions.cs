using System.Net;

namespace Rlef.Server;

/// <summary>Where something is offered, to whom, and how much of it.</summary>
public abstract record ServerOptions
{
    public IPAddress Host { get; init; } = IPAddress.Loopback;

    /// <summary>0 for any that is free.</summary>
    public abstract int Port { get; init; }

    /// <summary>What clients must show; null lets in whoever reaches a loopback address.</summary>
    public ApiKey? Key { get; init; }

    /// <summary>Longest body of a request.</summary>
    public long MaxRequestBytes { get; init; } = 8 << 20;

    /// <summary>Requests under way, those that wait among them; further ones are turned away.</summary>
    public abstract int MaxRequests { get; init; }

    /// <summary>Time that a request has for its answer once it has been read, waiting included; <see cref="Timeout.InfiniteTimeSpan"/> for as long as it takes.</summary>
    public TimeSpan TimeLimit { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How long what is under way may take to finish once the server stops.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>What whoever reaches the server could do, for the error below.</summary>
    protected abstract string Danger { get; }

    /// <exception cref="ArgumentException">The address is no loopback address, and there is no key.</exception>
    public void Check()
    {
        if (Key is null && !IPAddress.IsLoopback(Host))
            throw new ArgumentException($"{Host} is reached from other machines, and whoever reaches it could {Danger}. Set a key for them, {ApiKey.Variable}=…, or listen on {IPAddress.Loopback}.");
    }
}
