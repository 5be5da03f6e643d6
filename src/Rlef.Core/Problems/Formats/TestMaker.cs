using System.Collections.Immutable;
using System.Text.Json;
using Rlef.Execution;

namespace Rlef.Problems.Formats;

/// <summary>Makes the tests of drafts that have a recipe, in the sandbox; what was made once is kept on disk.</summary>
sealed class TestMaker(ISandbox sandbox, TestCache cache)
{
    /// <returns>The problem with its tests, or what keeps it from having them.</returns>
    public async Task<(Problem? Problem, ProblemFault? Fault)> MakeAsync(ProblemDraft draft, CancellationToken cancellation)
    {
        if (draft.Recipe is not { } recipe)
            return (draft.Problem, null);
        var made = await cache.ReadAsync(recipe.Script, cancellation);
        if (made is null or ['"', ..])
        {
            var limits = new Limits(TimeSpan.FromSeconds(recipe.Seconds), TimeSpan.FromSeconds(3 * recipe.Seconds), 4L << 30, 64 << 20);
            var result = (await sandbox.RunAsync(new(recipe.Script, [""], null, limits, Isolation.PerTest), cancellation))[0];
            if (result.Status == ExecutionStatus.TimeLimit)
                return (null, Fault(draft, $"its tests are not made within {recipe.Seconds} seconds of processor time: the reference or the test code does not end."));
            if (result.Status != ExecutionStatus.Completed)
                return (null, Fault(draft, $"the reference cannot be run: {result.Status}, {result.Error?.Message}"));
            made = result.Output;
            if (made.Length == 0)
                return (null, Fault(draft, "the reference ends the interpreter."));
            if (!IsWhole(made))
                return (null, Fault(draft, "the reference writes past sys.stdout, where its tests are written."));
            // A reason why there are none may be gone next time: a package is offered then.
            if (made[0] != '"')
                await cache.WriteAsync(recipe.Script, made, cancellation);
        }
        using var json = JsonDocument.Parse(made, new JsonDocumentOptions { MaxDepth = 64 });
        var root = json.RootElement;
        if (root.ValueKind == JsonValueKind.String)
            return (null, Fault(draft, root.GetString()!));
        var tests = root[2].EnumerateArray().Select(t => new TestCase(t[0].GetString()!, t[1].GetString()!)).ToImmutableArray();
        if (tests.IsEmpty)
            return (null, Fault(draft, "the tests never call the function, so there is nothing to judge by."));
        var (shown, hidden) = TestSplit.First(tests, root[0].GetInt32());
        var (stated, allowed) = (draft.Problem.Limits, Allowing(draft.Problem.Limits, root[1].GetDouble()));
        var problem = draft.Problem with { PublicTests = shown, PrivateTests = hidden, Limits = allowed, StatedLimits = allowed == stated ? null : stated };
        if (root.GetArrayLength() > 3 && root[3].GetBoolean())
            problem = problem with { Comparison = Comparison.Equality, Checker = null };
        if (root.GetArrayLength() > 4)
            problem = problem with { Statement = problem.Statement + root[4].GetString() };
        return problem.Draft is null ? (problem, null) : await ShowBugAsync(draft, problem, cancellation);
    }

    // What the recipe wrote, and nothing beside it.
    static bool IsWhole(string made)
    {
        try
        {
            using var json = JsonDocument.Parse(made, new JsonDocumentOptions { MaxDepth = 64 });
            return json.RootElement.ValueKind == JsonValueKind.String || json.RootElement is { ValueKind: JsonValueKind.Array } list && list.GetArrayLength() > 2;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    // Public tests must show the bug that is to be found, or the dialogue would end with the draft; private ones too, or the draft would be paid.
    async Task<(Problem?, ProblemFault?)> ShowBugAsync(ProblemDraft draft, Problem problem, CancellationToken cancellation)
    {
        var key = $"draft {ProblemFile.Digest([problem])}";
        if (await cache.ReadAsync(key, cancellation) is not { } failures)
        {
            var (judge, found) = (new Judge(sandbox), new List<int>());
            foreach (var tests in (ImmutableArray<TestCase>[])[problem.PublicTests, problem.PrivateTests])
            {
                var judgement = await judge.JudgeAsync(problem.Draft!, problem, tests, stopAtFirstFailure: true, cancellation);
                if (judgement.Kind == VerdictKind.InfrastructureError)
                    return (null, Fault(draft, $"the judge failed on it: {judgement.Verdicts[^1].Error?.Message}", "draft"));
                found.Add(judgement.Accepted ? -1 : judgement.Verdicts.Length - 1);
            }
            await cache.WriteAsync(key, failures = JsonSerializer.Serialize(found), cancellation);
        }
        return JsonSerializer.Deserialize<int[]>(failures) switch
        {
            [-1, -1] => (null, Fault(draft, "the wrong program passes every test, so there is nothing to repair.", "draft")),
            [-1, var hidden] => (problem with { PublicTests = problem.PublicTests.Add(problem.PrivateTests[hidden]) }, null),
            [var shown, -1] => (problem with { PrivateTests = problem.PrivateTests.Add(problem.PublicTests[shown]) }, null),
            _ => (problem, null),
        };
    }

    // A program may be four times as slow as the reference.
    static Limits? Allowing(Limits? limits, double seconds) => limits is not null && limits.Cpu.TotalSeconds < 4 * seconds
        ? limits with { Cpu = TimeSpan.FromSeconds(Math.Ceiling(4 * seconds)), Wall = TimeSpan.FromSeconds(Math.Ceiling(12 * seconds)) }
        : limits;

    static ProblemFault Fault(ProblemDraft draft, string reason, string field = "reference") => new(draft.File, draft.Line, draft.Problem.Id, field, ProblemSetValidator.Explain(reason));
}
