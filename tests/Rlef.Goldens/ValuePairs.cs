using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Rlef.Execution;
using Rlef.Problems;
using Rlef.Problems.Formats;

namespace Rlef.Goldens;

/// <summary>Pairs of Python values: a program returns the one, and is judged on a problem of the format that expects the other.</summary>
sealed class ValuePairs(string set, ISandbox sandbox, Func<JsonElement, Task<Problem>> problem, IReadOnlyList<Departure> departures) : IGoldenFile
{
    const string Function = "f", Before = "before";

    public static IReadOnlyList<IGoldenFile> All(ISandbox sandbox) =>
    [
        new ValuePairs("livecodebench", sandbox, row => Task.FromResult(Records.LiveCodeBench([("0", Json(row))], Function)), ListedDepartures.LiveCodeBenchPairs),
        new ValuePairs("apps", sandbox, row => Task.FromResult(Records.Apps($$"""{"inputs": [[0]], "outputs": [{{Json(row)}}], "fn_name": "{{Function}}"}""")), ListedDepartures.AppsPairs),
        new ValuePairs("evalplus", sandbox, row => EvalPlusAsync(sandbox, row), ListedDepartures.EvalPlusPairs),
    ];

    public string Name => $"compare-{set}.json";

    public IReadOnlyList<Departure> Departures => departures;

    public IReadOnlyList<string> Needs => [];

    public async Task<IReadOnlyList<GoldenCase>> RunAsync(IReadOnlyList<JsonElement> rows, CancellationToken cancellation)
    {
        var judge = new EvaluationJudge(sandbox);
        List<GoldenCase> cases = [];
        foreach (var row in rows.Where(r => r.GetProperty("mode").GetString() == "call"))
        {
            var asked = await problem(row);
            string[] values = [.. Pairs(row, Before).Select(p => p.Actual), row.GetProperty("actual").GetString()!];
            var judgement = await judge.JudgeAsync(Returning(asked.EntryPoint!, values), asked, asked.AllTests, cancellation: cancellation);
            var detail = judgement.Verdicts.FirstOrDefault(v => v.Kind != VerdictKind.Accepted)?.Error?.Message;
            cases.Add(new(row, row.GetProperty("name").GetString()!, row.GetProperty("accepted").GetBoolean(), judgement.Accepted, [.. judgement.Verdicts.Select(v => (v.Test.Output, v.Output))], $"{judgement.Kind} {detail}".Trim()));
        }
        return cases;
    }

    static string Json(JsonElement row) => row.GetProperty("flags").GetProperty("expected_json").GetString()!;

    // In the order of the calls; the first argument has the name that the rows use.
    static string Returning(string function, IEnumerable<string> values) => $"""
        import collections
        from collections import *
        from decimal import Decimal
        from fractions import Fraction
        {(values.Any(v => v.Contains("np.", StringComparison.Ordinal)) ? "import numpy as np" : "")}
        calls = iter([{string.Join(", ", values.Select(v => $"lambda xs: {v}"))}])
        def {function}(xs=None, *rest):
            return next(calls)(xs)
        """;

    static IEnumerable<(string Expected, string Actual)> Pairs(JsonElement row, string field) => row.GetProperty("flags").TryGetProperty(field, out var list)
        ? list.EnumerateArray().Select(p => (p[0].GetString()!, p[1].GetString()!))
        : [];

    static async Task<Problem> EvalPlusAsync(ISandbox sandbox, JsonElement row)
    {
        var flags = row.GetProperty("flags");
        var entry = flags.GetProperty("entry_point").GetString()!;
        string[] expected = [.. Pairs(row, Before).Select(p => p.Expected), row.GetProperty("expected").GetString()!];
        // There the rows expect whether the canonical solution's value was not None.
        if (entry is "check_str" or "text_match_three" or "text_starta_endb" && flags.GetProperty("dataset").GetString() == "mbpp")
            expected = [.. expected.Select(e => $"({e}) or None")];
        var given = flags.TryGetProperty("input", out var input) ? PythonLiteral.TryEncode(input.GetString()!)! : "[0]";
        var inputs = new JsonArray([.. expected.Select(_ => JsonNode.Parse(given))]);
        var task = (flags.GetProperty("dataset").GetString() == "mbpp" ? "Mbpp/" : "HumanEval/") + 100_000.ToString(CultureInfo.InvariantCulture);
        var draft = Records.EvalPlus(task, entry, Returning(entry, expected), inputs, flags.GetProperty("atol").GetDouble());
        var folder = Directory.CreateTempSubdirectory("rlef-goldens-");
        try
        {
            var (made, fault) = await new TestMaker(sandbox, new TestCache(folder.FullName)).MakeAsync(draft, CancellationToken.None);
            return made ?? throw new InvalidDataException($"{row.GetProperty("name")}: {fault}");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
