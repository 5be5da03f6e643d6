using System.Text.Json;
using System.Text.Json.Nodes;
using Rlef.Execution;
using Rlef.Rewards;

namespace Rlef.Goldens;

/// <summary>Whole programs with tests: our judge's verdicts give the outcome and the levels.</summary>
sealed class RltfHarness(ISandbox sandbox) : IGoldenFile
{
    public string Name => Rltf.File;

    public IReadOnlyList<Departure> Departures => [];

    public IReadOnlyList<string> Needs => [];

    public async Task<IReadOnlyList<GoldenCase>> RunAsync(IReadOnlyList<JsonElement> rows, CancellationToken cancellation)
    {
        var judge = new EvaluationJudge(sandbox);
        List<GoldenCase> cases = [];
        foreach (var row in Rltf.Of(rows, "harness"))
        {
            var (inputs, settings) = (row.GetProperty("inputs"), row.GetProperty("settings"));
            var tests = inputs.GetProperty("tests");
            var problem = Records.Apps(Texts(tests, "inputs"), Texts(tests, "outputs"));
            var limit = TimeSpan.FromSeconds(settings.GetProperty("time_limit_s").GetDouble());
            problem = problem with { Limits = problem.Limits! with { Cpu = limit, Wall = limit } };
            var judgement = await judge.JudgeAsync(inputs.GetProperty("program").GetString()!, problem, problem.AllTests, !settings.GetProperty("go_on").GetBoolean(), cancellation);
            var outcome = Outcomes.Of(judgement.Verdicts);
            cases.Add(new GoldenValue(row, Rltf.NameOf(row), RltfLevels.Words(Rltf.Paper(row)),
                RltfLevels.Words(RltfReward.Coarse(outcome), Rltf.HasAdaptive(row) ? RltfReward.Adaptive(outcome, judgement.Passed / (double)judgement.TestCount) : null)));
        }
        return cases;
    }

    static IEnumerable<JsonNode?> Texts(JsonElement tests, string field) => tests.GetProperty(field).EnumerateArray().Select(t => JsonNode.Parse(t.GetRawText()));
}
