using System.CommandLine;
using System.Net;
using Rlef.Server;

namespace Rlef.Cli;

/// <summary>What the commands that serve have in common.</summary>
static class ServerOptionsOf
{
    public static (Option<string> Host, Option<int> Port) HostAndPort(ServerOptions standard) => (
        new("--host") { Description = $"IP address to listen on. Others than loopback need a key in {ApiKey.Variable}.", DefaultValueFactory = _ => $"{standard.Host}" },
        new("--port") { Description = "Port to listen on; 0 for any that is free.", DefaultValueFactory = _ => standard.Port });

    public static Option<int> MaxRequestMb(ServerOptions standard) => new("--max-request-mb") { Description = "Longest request.", DefaultValueFactory = _ => (int)(standard.MaxRequestBytes >> 20) };

    public static Option<int> MaxRequests(ServerOptions standard) =>
        new("--max-requests") { Description = "Requests under way or waiting; further ones are told to come again (429).", DefaultValueFactory = _ => standard.MaxRequests };

    public static Option<int> GraceSeconds(ServerOptions standard) =>
        new("--grace-seconds") { Description = "Time that requests under way have to finish once the server is told to stop.", DefaultValueFactory = _ => (int)standard.Grace.TotalSeconds };

    public static IPAddress Address(string host) => host == "localhost" ? IPAddress.Loopback
        : IPAddress.TryParse(host, out var address) ? address
        : throw new ArgumentException($"--host {host} is no IP address. It takes one of this machine's, such as 127.0.0.1, or 0.0.0.0 for all.");

    /// <summary>Returns once the command is interrupted.</summary>
    public static async Task InterruptedAsync(CancellationToken cancellation)
    {
        var interrupted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var registration = cancellation.Register(interrupted.SetResult);
        await interrupted.Task;
    }
}
