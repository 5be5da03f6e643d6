using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;

namespace Rlef.Benchmarks;

/// <summary>
/// Very many requests of 64 clients to a server, among them those that go away before the answer, malformed and oversized ones, and clients that are killed while they
/// read. What is lost, what hangs, and whether memory stays flat.
/// </summary>
/// <param name="request">Body of a request by its number.</param>
/// <param name="check">What is wrong with the answer to it; null for nothing.</param>
/// <param name="oversized">Bytes of a body that is too long.</param>
sealed class ServerSoak(Uri address, string route, Func<int, string> request, Func<int, string, string?> check, int oversized)
{
    const int Clients = 64, Parts = 10, KillEvery = 500;
    const double GrowthMiB = 64;
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    readonly HttpClient client = new() { BaseAddress = address, Timeout = Patience };
    readonly ConcurrentQueue<string> faults = new();
    readonly ConcurrentDictionary<string, int> counts = new();

    /// <returns>Figures, and whether all went well.</returns>
    public async Task<(JsonObject Figures, bool Good)> RunAsync(int requests, CancellationToken cancellation)
    {
        var started = Stopwatch.GetTimestamp();
        var (next, told) = (0, 0);
        List<double> memory = [], live = [];
        for (var part = 1; part <= Parts; part++)
        {
            var end = (int)((long)requests * part / Parts);
            await Parallel.ForAsync(next, end, new ParallelOptions { MaxDegreeOfParallelism = Clients, CancellationToken = cancellation }, async (number, stop) =>
            {
                try
                {
                    await OneAsync(number, stop);
                }
                catch (Exception e) when (!stop.IsCancellationRequested)
                {
                    faults.Enqueue($"request {number}: {e.GetType().Name}: {e.Message}");
                    Count(e is TaskCanceledException ? "hung" : "lost");
                }
            });
            next = end;
            live.Add(GC.GetTotalMemory(forceFullCollection: true) / (double)(1 << 20));
            memory.Add(Environment.WorkingSet / (double)(1 << 20));
            Console.WriteLine($"{end,8} requests   {end / Stopwatch.GetElapsedTime(started).TotalSeconds,6:F0}/s   {faults.Count} faults   {memory[^1]:F0} MiB, objects {live[^1]:F1} MiB");
            foreach (var fault in faults.Skip(told).Take(10))
                Console.WriteLine(fault);
            told = faults.Count;
        }
        // The first part warms up. What the process holds besides, the collector keeps for bodies to come.
        var good = faults.IsEmpty && live[^1] - live[0] < GrowthMiB;
        return (new()
        {
            ["requests"] = requests,
            ["outcomes"] = new JsonObject(counts.OrderBy(c => c.Key, StringComparer.Ordinal).Select(c => KeyValuePair.Create(c.Key, (JsonNode?)c.Value))),
            ["faults"] = faults.Count,
            ["requests_per_second"] = Math.Round(requests / Stopwatch.GetElapsedTime(started).TotalSeconds, 1),
            ["first_mib"] = Math.Round(memory[0], 1),
            ["last_mib"] = Math.Round(memory[^1], 1),
            ["first_objects_mib"] = Math.Round(live[0], 1),
            ["last_objects_mib"] = Math.Round(live[^1], 1),
        }, good);
    }

    Task OneAsync(int number, CancellationToken stop) => number % KillEvery == KillEvery / 2 ? KilledAsync(number, stop) : (number % 50) switch
    {
        7 or 23 => RefusedAsync(number, request(number)[..^2], HttpStatusCode.BadRequest, "malformed", stop),
        11 => RefusedAsync(number, new string(' ', oversized), HttpStatusCode.RequestEntityTooLarge, "oversized", stop),
        13 or 31 or 42 => GoneAsync(number, stop),
        _ => AnsweredAsync(number, stop),
    };

    async Task AnsweredAsync(int number, CancellationToken stop)
    {
        while (true)
        {
            using var answer = await client.PostAsync(route, Content(request(number)), stop);
            var text = await answer.Content.ReadAsStringAsync(stop);
            if (answer.StatusCode == HttpStatusCode.TooManyRequests)
            {
                Count("told to come again");
                await Task.Delay(answer.Headers.RetryAfter!.Delta!.Value, stop);
                continue;
            }
            if ((answer.IsSuccessStatusCode ? check(number, text) : $"status {answer.StatusCode}: {text}") is { } fault)
                faults.Enqueue($"request {number}: {fault}");
            Count("answered");
            return;
        }
    }

    async Task RefusedAsync(int number, string body, HttpStatusCode expected, string name, CancellationToken stop)
    {
        using var answer = await client.PostAsync(route, Content(body), stop);
        if (answer.StatusCode != expected && answer.StatusCode != HttpStatusCode.TooManyRequests)
            faults.Enqueue($"request {number}, {name}: status {answer.StatusCode} instead of {expected}");
        Count(name);
    }

    // Half of them before all is sent, half before all is read; closed hard, as a crash does it.
    async Task GoneAsync(int number, CancellationToken stop)
    {
        using var socket = new TcpClient { LingerState = new(true, 0) };
        await socket.ConnectAsync(address.Host, address.Port, stop);
        var bytes = Raw(request(number));
        await socket.GetStream().WriteAsync(number % 2 == 0 ? bytes.AsMemory(..(bytes.Length / 2)) : bytes, stop);
        if (number % 2 != 0)
            await socket.GetStream().ReadAtLeastAsync(new byte[1], 1, false, stop);
        Count("gone");
    }

    // A client of its own process, killed once it has read something.
    async Task KilledAsync(int number, CancellationToken stop)
    {
        var script = $"exec 3<>/dev/tcp/{address.Host}/{address.Port}; cat >&3; cat <&3";
        using var process = Process.Start(new ProcessStartInfo("bash", ["-c", script]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        await process.StandardInput.BaseStream.WriteAsync(Raw(request(number)), stop);
        process.StandardInput.Close();
        await process.StandardOutput.BaseStream.ReadAtLeastAsync(new byte[16], 16, false, stop);
        process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync(stop);
        Count("killed");
    }

    byte[] Raw(string body) => Encoding.UTF8.GetBytes($"POST {route} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}");

    static StringContent Content(string body) => new(body, Encoding.UTF8, "application/json");

    void Count(string what) => counts.AddOrUpdate(what, 1, (_, count) => count + 1);
}
