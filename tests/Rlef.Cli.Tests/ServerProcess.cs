using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.RegularExpressions;
using static Rlef.Cli.Tests.Processes;

namespace Rlef.Cli.Tests;

/// <summary>A command that serves, as a user starts and stops it, with a key; and a client that shows it.</summary>
sealed class ServerProcess : IDisposable
{
    /// <summary>The environment's name of the key.</summary>
    public const string Key = "RLEF_API_KEY";
    public const string Secret = "c0ffee-c0ffee-c0ffee";

    readonly Process process;
    readonly string line;

    ServerProcess(Process process, string line, Uri address) => (this.process, this.line, Client) = (process, line, new HttpClient { BaseAddress = address });

    public HttpClient Client { get; }

    /// <param name="firstLine">Pattern of what it prints, with its address as the first group.</param>
    public static async Task<ServerProcess> StartAsync(string[] arguments, string firstLine)
    {
        var process = Start("dotnet", [Dll, .. arguments, "--port", "0"], (Key, Secret));
        var line = await process.StandardOutput.ReadLineAsync();
        var address = Regex.Match(line ?? "", firstLine).Groups[1].Value;
        Assert.True(address.Length > 0, line ?? await process.StandardError.ReadToEndAsync());
        return new(process, line!, new(address));
    }

    /// <summary>Sees that a route is closed without the key and refuses a faulty body with it.</summary>
    public async Task RefusesAsync(string route, string faulty)
    {
        Assert.Equal(HttpStatusCode.Unauthorized, (await Client.PostAsJsonAsync(route, new { })).StatusCode);
        Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Secret);
        Assert.Equal(HttpStatusCode.BadRequest, (await Client.PostAsync(route, new StringContent(faulty, new MediaTypeHeaderValue("application/json")))).StatusCode);
    }

    /// <summary>Sends a signal once the metrics have a line.</summary>
    public async Task SignalAsync(string signal, string metric)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        while (!(await Client.GetStringAsync("/metrics", patience.Token)).Contains(metric))
            await Task.Yield();
        Assert.Equal(0, (await RunAsync("kill", $"-{signal}", $"{process.Id}")).Code);
    }

    /// <summary>Sees that further signals end it at once, whatever is under way.</summary>
    public async Task EndsByMoreAsync(string signal)
    {
        while (!process.HasExited)
            await RunAsync("kill", $"-{signal}", $"{process.Id}");
        var (code, _, error) = await process.FinishAsync();
        Assert.Equal((130, ""), (code, error));
    }

    /// <summary>Sees that it ends well, and that neither the key nor any of some words was printed.</summary>
    public async Task EndsWithoutAsync(string words)
    {
        var (code, output, error) = await process.FinishAsync();
        Assert.Equal((0, ""), (code, output));
        Assert.DoesNotMatch($"{Secret}|{words}", error + line);
    }

    public void Dispose()
    {
        Client.Dispose();
        process.Kill();
        process.Dispose();
    }
}
