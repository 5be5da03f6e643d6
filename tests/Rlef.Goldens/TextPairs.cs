using System.Text.Json;
using System.Text.Json.Nodes;
using Rlef.Execution;
using Rlef.Problems;
using Rlef.Problems.Formats;

namespace Rlef.Goldens;

/// <summary>Pairs of texts: the expected one makes a problem of the format, whose rule compares the other with it.</summary>
/// <param name="problem">The problem of a row.</param>
sealed class TextPairs(string set, Func<JsonElement, Problem> problem, IReadOnlyList<Departure> departures) : IGoldenFile
{
    public static IReadOnlyList<IGoldenFile> All { get; } =
    [
        new TextPairs("livecodebench", row => Records.LiveCodeBench([("", Text(row, "expected"))]), ListedDepartures.LiveCodeBenchPairs),
        new TextPairs("apps", row => Records.Apps([JsonValue.Create("")], [Expected(row)]), ListedDepartures.AppsPairs),
        new TextPairs("codecontests", row => Records.CodeContests(Text(row, "expected")), ListedDepartures.CodeContestsPairs),
        new TextPairs("kattis", row => Records.Kattis(Text(row, "expected"), row.GetProperty("flags")), ListedDepartures.KattisPairs),
    ];

    public string Name => $"compare-{set}.json";

    public IReadOnlyList<Departure> Departures => departures;

    public IReadOnlyList<string> Needs => [];

    public Task<IReadOnlyList<GoldenCase>> RunAsync(IReadOnlyList<JsonElement> rows, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<GoldenCase>>([.. rows.Where(r => Text(r, "mode") == "stdin").Select(row =>
        {
            var asked = problem(row);
            var ours = OutputComparer.Equal(asked, Text(row, "actual"), asked.AllTests[0].Output);
            return new GoldenCase(row, Text(row, "name"), row.GetProperty("accepted").GetBoolean(), ours, [(asked.AllTests[0].Output, Text(row, "actual"))], ours ? "accepted" : "refused");
        })]);

    static string Text(JsonElement row, string field) => row.GetProperty(field).GetString()!;

    static JsonNode Expected(JsonElement row) => row.GetProperty("flags").TryGetProperty("expected_form", out _)
        ? JsonNode.Parse(Text(row, "expected"))!
        : JsonValue.Create(Text(row, "expected"));
}
