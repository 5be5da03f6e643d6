using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Rlef.Execution;
using Rlef.Problems;

namespace Rlef.Server.Tests;

/// <summary>A real sandbox, for all tests of a class, and servers in front of it.</summary>
public sealed partial class ServedJudge : IAsyncLifetime
{
    public const string Adds = "print(sum(map(int, input().split())))";

    public LocalSandbox Sandbox { get; private set; } = null!;

    public static ProblemSet Set { get; } = new("set",
    [
        new() { Id = "sum", Statement = "-", PublicTests = [new("1 2", "3")], PrivateTests = [new("4 5", "9"), new("9", "9")] },
        new() { Id = "pair", Statement = "-", EntryPoint = "pair", Comparison = Comparison.Value, PublicTests = [new("[1, \"b\"]", "[1, \"b\"]")], PrivateTests = [new("[2, 3]", "[2, 3]")] },
        new() { Id = "odd", Statement = "-", Comparison = Comparison.Checker, Checker = "def check(input, expected, output):\n    return int(output) % 2 == 1\n", PublicTests = [new("", "1")], PrivateTests = [new("", "1")] },
    ]);

    public async ValueTask InitializeAsync() => Sandbox = await LocalSandbox.StartAsync(new() { Workers = 2 });

    public ValueTask DisposeAsync() => Sandbox.DisposeAsync();

    public Task<JudgeServer> StartAsync(JudgeServerOptions? options = null) => JudgeServer.StartAsync(Sandbox, Set, (options ?? new()) with { Port = 0 });

    public static HttpClient Client(JudgeServer server) => new() { BaseAddress = server.Address, Timeout = TimeSpan.FromMinutes(5) };

    public static object Item(string program, string problem = "sum") => new { program, problem };

    public static Task<HttpResponseMessage> PostAsync(HttpClient client, params object[] items) => client.PostAsJsonAsync("/v1/judge", new { items });

    public static async Task<JsonElement[]> JudgeAsync(HttpClient client, params object[] items)
    {
        using var answer = await PostAsync(client, items);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return [.. (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("results").EnumerateArray()];
    }

    public static StringContent Json(string body) => new(body, Encoding.UTF8, "application/json");

    /// <summary>The detail of a fault, which must be problem details of the status.</summary>
    public static async Task<string> FaultAsync(HttpResponseMessage answer, HttpStatusCode status)
    {
        Assert.Equal((status, "application/problem+json"), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal((int)status, problem.GetProperty("status").GetInt32());
        Assert.NotEqual("", problem.GetProperty("title").GetString());
        return problem.GetProperty("detail").GetString()!;
    }

    /// <summary>Returns once so many programs run or wait, as the metrics have it.</summary>
    public static async Task UnderWayAsync(HttpClient client, int programs)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        while (InProgress().Match(await client.GetStringAsync("/metrics", patience.Token)).Groups[1].Value != $"{programs}")
            await Task.Yield();
    }

    [GeneratedRegex(@"^rlef_judge_programs_in_progress (\d+)", RegexOptions.Multiline)]
    private static partial Regex InProgress();
}
