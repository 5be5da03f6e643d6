using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Rlef.Dialogue;
using Rlef.Execution;
using Rlef.Problems;
using Rlef.Rewards;

namespace Rlef.Goldens;

/// <summary>
/// What RLTF's fine feedback blames for an error: category, characters and tokens of the program, and α. Each row is taken twice: by the text that Python
/// printed there, and by what our sandbox reports of the same program.
/// </summary>
sealed partial class RltfFaults(ISandbox sandbox) : IGoldenFile
{
    const string Fence = "```python\n", End = "\n```";

    // The last line of the program that a traceback names, before lines of other files; and the place that ends a compiler's message.
    [GeneratedRegex(@"^  File ""prog\.py"", line ([0-9]+)", RegexOptions.Multiline)]
    private static partial Regex Frame { get; }

    [GeneratedRegex(@" \(<string>, line ([0-9]+)\)$")]
    private static partial Regex Place { get; }

    public string Name => Rltf.File;

    public IReadOnlyList<Departure> Departures => [];

    public IReadOnlyList<string> Needs => [];

    public async Task<IReadOnlyList<GoldenCase>> RunAsync(IReadOnlyList<JsonElement> rows, CancellationToken cancellation)
    {
        List<GoldenCase> cases = [];
        foreach (var row in Rltf.Of(rows, "error_category"))
        {
            var there = Words(Rltf.Paper(row));
            cases.Add(new GoldenValue(row, $"{Rltf.NameOf(row)}, its text", there, Blame(row, Told(row))));
            cases.Add(new GoldenValue(row, $"{Rltf.NameOf(row)}, judged", there, Blame(row, await JudgedAsync(row, cancellation))));
        }
        return cases;
    }

    static Fault Told(JsonElement row)
    {
        var inputs = row.GetProperty("inputs");
        var (text, type) = (inputs.GetProperty("error_text").GetString()!, inputs.GetProperty("error_class").GetString() ?? "");
        var kind = inputs.GetProperty("outcome").GetString() switch
        {
            "compile" => VerdictKind.CompileError,
            "runtime" => VerdictKind.RuntimeError,
            "timeout" => VerdictKind.TimeLimit,
            var other => throw new InvalidDataException($"{Rltf.NameOf(row)}: there is no outcome '{other}'."),
        };
        var place = kind == VerdictKind.CompileError ? Place.Match(text.TrimEnd()) : Frame.Matches(text).LastOrDefault();
        int? line = place is { Success: true } ? int.Parse(place.Groups[1].Value, CultureInfo.InvariantCulture) : null;
        return Fault.Of(kind, new(type, text, line, text), IsCut(row));
    }

    async Task<Fault> JudgedAsync(JsonElement row, CancellationToken cancellation)
    {
        var inputs = row.GetProperty("inputs");
        var problem = new Problem
        {
            Id = "q", Statement = "q", PublicTests = [new(inputs.GetProperty("stdin").GetString()!, "no program prints this")], PrivateTests = [],
            Limits = Limits.Default with { MemoryBytes = 1L << 30 },
        };
        var judgement = await new EvaluationJudge(sandbox).JudgeAsync(inputs.GetProperty("program").GetString()!, problem, problem.PublicTests, cancellation: cancellation);
        return Fault.Of(judgement.Verdicts[0].Kind, judgement.Verdicts[0].Error, IsCut(row));
    }

    static bool IsCut(JsonElement row) => row.GetProperty("inputs").GetProperty("truncated_at_max_length").GetBoolean();

    // The program in a response, as a policy would give it: one that was cut has no end.
    static string Blame(JsonElement row, Fault fault)
    {
        var program = row.GetProperty("inputs").GetProperty("program").GetString()!;
        var response = IsCut(row) ? Fence + program : Fence + program + End;
        var block = (IsCut(row) ? CodeBlock.FindCut(response) : CodeBlock.Find(response)) ?? throw new InvalidDataException($"{Rltf.NameOf(row)}: the program is not found in its fence.");
        (int Start, int End)[] blamed = [.. fault.Characters(response, block).Select(s => (s.Start - Fence.Length, Math.Min(s.End - Fence.Length, program.Length)))];
        if (blamed.Length == 0)
            return Words(fault.Category, null, null, null, null);
        List<(int, int)> pieces = [];
        foreach (var piece in row.GetProperty("inputs").GetProperty("token_pieces").EnumerateArray())
            pieces.Add((pieces.Count == 0 ? 0 : pieces[^1].Item2, (pieces.Count == 0 ? 0 : pieces[^1].Item2) + piece.GetString()!.Length));
        var atFault = RltfReward.Overlapping([.. pieces], blamed);
        return Words(fault.Category, fault.Line, (blamed[0].Start, blamed[^1].End), (Array.IndexOf(atFault, true), Array.LastIndexOf(atFault, true) + 1),
            (double)pieces.Count / atFault.Count(x => x));
    }

    static string Words(JsonElement paper)
    {
        var category = paper.GetProperty("category").GetString() switch
        {
            "U_ignore" => FaultCategory.Ignore,
            "U_line" => FaultCategory.Line,
            "U_global" => FaultCategory.Global,
            var other => throw new InvalidDataException($"there is no category '{other}'."),
        };
        return Words(category, Number("line_number") is { } line ? (int)line : null, Pair("char_span"), Pair("token_span"), Number("alpha"));

        double? Number(string field) => paper.GetProperty(field) is { ValueKind: JsonValueKind.Number } value ? value.GetDouble() : null;

        (int, int)? Pair(string field) => paper.GetProperty(field) is { ValueKind: JsonValueKind.Array } pair ? (pair[0].GetInt32(), pair[1].GetInt32()) : null;
    }

    static string Words(FaultCategory category, int? line, (int Start, int End)? characters, (int Start, int End)? tokens, double? alpha) => string.Create(
        CultureInfo.InvariantCulture, $"{category}{(line is null ? "" : $" {line}")}{Span("characters", characters)}{Span("tokens", tokens)}{(alpha is null ? "" : $", alpha {alpha:0.####}")}");

    static string Span(string what, (int Start, int End)? span) => span is { } s ? string.Create(CultureInfo.InvariantCulture, $", {what} {s.Start} to {s.End}") : "";
}
