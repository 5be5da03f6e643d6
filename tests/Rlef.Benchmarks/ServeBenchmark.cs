using System.CommandLine;
using System.Diagnostics;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Rlef.Execution;
using Rlef.Experiments;
using Rlef.Policy;
using Rlef.Randomness;
using Rlef.Server;

namespace Rlef.Benchmarks;

/// <summary>
/// The policy's server: tokens a second of 64 clients beside in-process decoding of the same 64 prompts, what a client waits for its first token, and a soak. Or
/// the soak of the judge's server alone.
/// </summary>
static class ServeBenchmark
{
    const int Clients = 64, Prompt = 64, Generated = 128, Rounds = 7, Kinds = 20;

    public static Task<int> RunAsync(string[] args)
    {
        var model = new Option<string>("--model") { Description = "nano, small, large or qwen05b, with random weights.", DefaultValueFactory = _ => "small" };
        var requests = new Option<int>("--requests") { Description = "Of the soak; 0 for none.", DefaultValueFactory = _ => 10_000 };
        var judge = new Option<bool>("--judge") { Description = "The soak of the judge's server instead." };
        var command = new RootCommand("Measures the policy's server, or soaks the judge's.") { model, requests, judge };
        command.SetAction((parse, cancellation) => parse.GetValue(judge) ? JudgeAsync(parse.GetValue(requests), cancellation)
            : PolicyAsync(parse.GetValue(model)!, parse.GetValue(requests), cancellation));
        return command.Parse(args).InvokeAsync();
    }

    static async Task<int> PolicyAsync(string name, int requests, CancellationToken cancellation)
    {
        var tokenizer = await File.ReadAllTextAsync(Home.File("data", "nano", "base", "tokenizer.json"), cancellation);
        var least = TokenizerFile.Parse(tokenizer).VocabularySize;
        var config = ReferenceModels.Select([name]).Single().Config;
        config = config with { VocabSize = Math.Max(config.VocabSize, least) };
        using var model = new Transformer(config);
        var files = new PolicyFiles(config, tokenizer);
        using var alone = Decoders.Create(model, Clients, Prompt + Generated);
        using var decoder = Decoders.Create(model, Clients, Prompt + Generated);
        await using var server = await PolicyServer.StartAsync("bench", files, decoder, new() { Port = 0 }, cancellation);
        using var client = new HttpClient { BaseAddress = server.Address, Timeout = TimeSpan.FromHours(1) };
        List<double> ratios = [], own = [], served = [], first = [];
        for (var round = 0; round <= Rounds; round++)
        {
            var inProcess = Decode(alone, round, least);
            var seconds = await ServedAsync(client, round, least, stream: false, [], cancellation);
            List<double> waits = [];
            await ServedAsync(client, round + 100, least, stream: true, waits, cancellation);
            if (round == 0)
                continue;
            own.Add(Clients * Generated / inProcess);
            served.Add(Clients * Generated / seconds);
            ratios.Add(inProcess / seconds);
            first.AddRange(waits);
            Console.WriteLine($"round {round}: in process {own[^1]:N0} tokens/s, served {served[^1]:N0}, ratio {ratios[^1]:F3}, first token after {Statistics.Median(waits) * 1e3:F0} ms");
        }
        var figures = new JsonObject
        {
            ["benchmark"] = "serve",
            ["model"] = name,
            ["clients"] = Clients,
            ["in_process_tokens_per_second"] = Math.Round(Statistics.Median(own)),
            ["served_tokens_per_second"] = Math.Round(Statistics.Median(served)),
            ["ratio"] = Math.Round(Statistics.Median(ratios), 3),
            ["first_token_median_ms"] = Math.Round(Statistics.Median(first) * 1e3, 1),
            ["first_token_p95_ms"] = Math.Round(first.Order().ElementAt(first.Count * 95 / 100) * 1e3, 1),
        };
        var good = true;
        if (requests > 0)
        {
            // What is asked for again must be answered the same, whoever asks beside.
            var expected = new string?[Kinds];
            var soak = new ServerSoak(server.Address, "/v1/completions", Body, (number, answer) =>
            {
                var text = JsonNode.Parse(answer)!["choices"]![0]!["text"]!.GetValue<string>();
                return (Interlocked.CompareExchange(ref expected[number % Kinds], text, null) ?? text) == text ? null : "another answer than before";
            }, oversized: 20 << 20);
            (figures["soak"], good) = await soak.RunAsync(requests, cancellation);
            using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
            while (!(await client.GetStringAsync("/metrics", patience.Token)).Contains("rlef_serve_responses_in_progress 0\n", StringComparison.Ordinal))
                await Task.Yield();
        }
        Console.WriteLine(figures.ToJsonString());
        return good ? 0 : 1;

        string Body(int number)
        {
            var random = new Random(number % Kinds);
            return JsonSerializer.Serialize(new { model = "bench", prompt = Enumerable.Range(0, 1 + random.Next(60)).Select(_ => random.Next(least)), max_tokens = 1 + random.Next(60), seed = number % Kinds });
        }
    }

    static int[] PromptOf(int round, int row, int vocabulary) => [.. Enumerable.Range(0, Prompt).Select(i => (round * 31 + row * 7 + i * i) % vocabulary)];

    // Seconds until all have spoken, reading their prompts included.
    static double Decode(IDecoder decoder, int round, int vocabulary)
    {
        OpenResponse[] responses = [.. Enumerable.Range(0, Clients).Select(row => new OpenResponse(row, PromptOf(round, row, vocabulary), RandomStream.For(1, row), new(0, MaxTokens: Generated), _ => false))];
        for (var row = 0; row < Clients; row++)
            decoder.Reset(row);
        var started = Stopwatch.GetTimestamp();
        while (!responses[0].Ended)
            decoder.Sample(responses);
        return Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    /// <param name="waits">Receives the seconds to the first token of each client.</param>
    static async Task<double> ServedAsync(HttpClient client, int round, int vocabulary, bool stream, List<double> waits, CancellationToken cancellation)
    {
        var started = Stopwatch.GetTimestamp();
        var firsts = await Task.WhenAll(Enumerable.Range(0, Clients).Select(async row =>
        {
            var body = JsonSerializer.Serialize(new { model = "bench", prompt = PromptOf(round, row, vocabulary), temperature = 0, max_tokens = Generated, stream });
            using var asked = new HttpRequestMessage(HttpMethod.Post, "/v1/completions") { Content = new StringContent(body, Encoding.UTF8, "application/json") };
            using var answer = await client.SendAsync(asked, HttpCompletionOption.ResponseHeadersRead, cancellation);
            answer.EnsureSuccessStatusCode();
            using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync(cancellation));
            await reader.ReadLineAsync(cancellation);
            var first = Stopwatch.GetElapsedTime(started).TotalSeconds;
            await reader.ReadToEndAsync(cancellation);
            return first;
        }));
        waits.AddRange(firsts);
        return Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    static async Task<int> JudgeAsync(int requests, CancellationToken cancellation)
    {
        var mixture = new SoakMixture(1);
        await using var sandbox = await LocalSandbox.StartAsync(cancellation: cancellation);
        await using var server = await JudgeServer.StartAsync(sandbox, null, new() { Port = 0, MaxRequests = 128, Limits = mixture[0].Problem.Limits! with { Wall = TimeSpan.FromMinutes(2) } }, cancellation);
        var hostile = 0;
        var soak = new ServerSoak(server.Address, "/v1/judge", Body, (number, answer) =>
        {
            var verdict = JsonNode.Parse(answer)!["results"]![0]!["verdict"]!.GetValue<string>().Replace("_", "", StringComparison.Ordinal);
            if (mixture[number].Hostile)
                Interlocked.Increment(ref hostile);
            return verdict.Equals($"{mixture[number].Expected}", StringComparison.OrdinalIgnoreCase) ? null : $"{mixture[number].Name}: {verdict} instead of {mixture[number].Expected}";
        }, oversized: 20 << 20);
        var (figures, good) = await soak.RunAsync(requests, cancellation);
        figures.Insert(0, "benchmark", "serve judge");
        figures["hostile"] = hostile;
        Console.WriteLine(figures.ToJsonString());
        return good ? 0 : 1;

        string Body(int number)
        {
            var (problem, program) = (mixture[number].Problem, mixture[number].Program);
            var item = new
            {
                program,
                tests = problem.PublicTests.Select(t => new { input = t.Input, output = t.Output }),
                entry_point = problem.EntryPoint,
                comparison = JsonNamingPolicy.SnakeCaseLower.ConvertName($"{problem.Comparison}"),
                limits = new { wall_seconds = problem.Limits!.Wall.TotalSeconds },
            };
            return JsonSerializer.Serialize(new { items = new[] { item } });
        }
    }
}
