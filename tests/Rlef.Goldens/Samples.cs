using System.Text.Json;
using Rlef.Dialogue;
using Rlef.Execution;

namespace Rlef.Goldens;

/// <summary>Responses of a small model, judged by EvalPlus, or by a plain interpreter on MBPP's own assertions.</summary>
sealed class Samples(string set, ISandbox sandbox, string source, IReadOnlyList<Departure> departures) : IGoldenFile
{
    public static IReadOnlyList<IGoldenFile> All(ISandbox sandbox) =>
    [
        new Samples("humaneval", sandbox, ProblemSets.HumanEvalPlus, ListedDepartures.EvalPlusPrograms),
        new Samples("mbpp", sandbox, ProblemSets.Mbpp, ListedDepartures.MbppPrograms),
    ];

    public string Name => $"samples-smollm2-{set}.jsonl.gz";

    public IReadOnlyList<Departure> Departures => departures;

    public IReadOnlyList<string> Needs => [source];

    public async Task<IReadOnlyList<GoldenCase>> RunAsync(IReadOnlyList<JsonElement> rows, CancellationToken cancellation)
    {
        var problems = await ProblemSets.ReadAsync([source], sandbox);
        return await Judging.RunAsync(sandbox, [.. rows.Select(row =>
        {
            var task = row.GetProperty("task_id").GetString()!;
            var program = row.TryGetProperty("solution", out var whole) ? whole.GetString() : CodeBlock.Find(row.GetProperty("response").GetString()!)?.Program;
            var accepted = row.TryGetProperty("tests", out var tests)
                ? tests.EnumerateArray().All(t => t.GetInt32() == 1)
                : row.GetProperty("base").GetString() == "pass" && row.GetProperty("plus").GetString() == "pass";
            return new GoldenProgram(row, $"{task}, sample {row.GetProperty("sample")}", program, problems[task], accepted);
        })], cancellation);
    }
}
