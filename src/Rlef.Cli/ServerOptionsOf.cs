using System.CommandLine;
using System.Net;
using Rlef.Server;

namespace Rlef.Cli;

/// <summary>What the commands that serve have in common.</summary>
/// <param name="standard">What holds where an option is left out.</param>
sealed class ServerOptionsOf<T>(T standard) where T : ServerOptions
{
    public Option<string> Host { get; } = new("--host")
    {
        Description = "IP address to listen on. " +
            $"Others than loopback need a key in {ApiKey.Variable}.", DefaultValueFactory = _ => $"{standard.Host}",
    };

    public Option<int> Port { get; } = new("--port") { Description = "Port to listen on; 0 for any that is free.", DefaultValueFactory = _ => standard.Port };

    public Option<int> MaxRequestMb { get; } = new("--max-request-mb") { Description = "Longest request.", DefaultValueFactory = _ => (int)(standard.MaxRequestBytes >> 20) };

    public Option<int> MaxRequests { get; } = new("--max-requests")
    {
        Description = "Requests under way or waiting; further ones are told to come again (429).", DefaultValueFactory = _ => standard.MaxRequests,
    };

    public Option<int> MaxSeconds { get; } = new("--max-seconds")
    {
        Description = "Time that a request has for its answer, waiting included; what it asked for then ends, and it is told so (504). 0 for as long as it takes.",
        DefaultValueFactory = _ => (int)standard.TimeLimit.TotalSeconds,
    };

    public Option<int> GraceSeconds { get; } = new("--grace-seconds")
    {
        Description = "Time that requests under way have to finish once the server is told to stop.", DefaultValueFactory = _ => (int)standard.Grace.TotalSeconds,
    };

    /// <summary>A server's own options with what the command line and the environment say of the common ones.</summary>
    /// <exception cref="ArgumentException">The address is none, or the server may not be offered there.</exception>
    public T Read(ParseResult parse, T own)
    {
        var options = (ServerOptions)own with
        {
            Host = Address(parse.GetValue(Host)!),
            Port = parse.GetValue(Port),
            Key = ApiKey.FromEnvironment(),
            MaxRequestBytes = (long)parse.GetValue(MaxRequestMb) << 20,
            MaxRequests = parse.GetValue(MaxRequests),
            TimeLimit = parse.GetValue(MaxSeconds) is > 0 and var seconds ? TimeSpan.FromSeconds(seconds) : Timeout.InfiniteTimeSpan,
            Grace = TimeSpan.FromSeconds(parse.GetValue(GraceSeconds)),
        };
        options.Check();
        return (T)options;
    }

    static IPAddress Address(string host) => host == "localhost" ? IPAddress.Loopback
        : IPAddress.TryParse(host, out var address) ? address
        : throw new ArgumentException($"--host {host} is no IP address. It takes one of this machine's, such as 127.0.0.1, or 0.0.0.0 for all.");
}
