using System.Collections.Immutable;
using Rlef.Evaluation;
using Rlef.Evaluation.Audit;
using Rlef.Execution;
using Rlef.Experiments;
using Rlef.Problems;

namespace Rlef.Core.Tests.Evaluation.Audit;

public sealed class JudgeAuditTests(Sandboxes sandboxes) : IDisposable
{
    readonly string some = Path.GetTempFileName();

    public void Dispose() => File.Delete(some);

    // All functions, and some programs that read and print.
    string[] Sets()
    {
        File.WriteAllLines(some, File.ReadLines(Home.File("data", "nano", "validation.jsonl")).Take(40));
        return [Home.File("data", "functions", "functions.jsonl"), some];
    }

    const string Reference = """
        def f(a, b=2):
            '''Says what it does.'''
            total = 0
            for i in range(len(a)):
                if a[i] % b == 0 and i > 1:
                    total += max(a[i], b)
            return f'{total}!' if total else str(a[1:3])
        print(f([4, 5, 6, 8]))
        """;

    static Problem Problem(string reference) => new() { Id = "p", Statement = "", PublicTests = [], PrivateTests = [], Reference = reference };

    [Fact]
    public async Task Every_mutant_is_another_program_that_compiles_and_all_operators_take_turns()
    {
        var mutator = new Mutator(sandboxes.Local);
        var mutants = await mutator.MutateAsync(Problem(Reference), 200, seed: 1);
        Assert.InRange(mutants.Length, 40, 199);
        Assert.Equal(mutants.Length, mutants.Select(m => m.Program).Distinct().Count());
        Assert.Equal(["arguments", "arithmetic", "boolean", "comparison", "constant", "output", "range", "return", "rewrite", "slice", "statement", "type"],
            mutants.Select(m => m.Operator).Distinct().Order(StringComparer.Ordinal));
        Assert.All(mutants, m => Assert.Contains("Says what it does.", m.Program));
        Assert.All(mutants, m => Assert.InRange(m.Line, 1, 8));
        var unchanged = mutants.SelectMany(m => m.Program.Split('\n')).CountBy(l => l).MaxBy(l => l.Value);
        Assert.InRange(unchanged.Value, mutants.Length * 3 / 4, mutants.Length);
        var results = await Task.WhenAll(mutants.Select(m => sandboxes.Local.RunAsync(new(m.Program, [""], null, Limits.Default, Isolation.PerTest))));
        Assert.All(results, r => Assert.NotEqual(ExecutionStatus.CompileError, r[0].Status));
        Assert.Contains(results, r => r[0].Output is not ("14!\n" or ""));

        Assert.Equal(mutants.Take(20), await mutator.MutateAsync(Problem(Reference), 20, seed: 1));
        Assert.NotEqual(mutants.Take(20), await mutator.MutateAsync(Problem(Reference), 20, seed: 2));
        Assert.Empty(await mutator.MutateAsync(Problem("no Python at all"), 20, seed: 1));
    }

    [Fact]
    public async Task Judge_and_oracle_agree_on_mutants_of_the_projects_own_sets()
    {
        var audit = new JudgeAudit(sandboxes.Local);
        foreach (var path in Sets())
        {
            var set = await audit.OpenAsync(path);
            Assert.Equal(set.Reading.Records, set.Sound.Length);
            var trials = await audit.TryMutantsAsync(set, 24);
            Assert.InRange(trials.Length, 20, 48);
            Assert.Empty(trials.Where(t => t.Disagreed));
            var confusion = Confusion.Of(trials);
            Assert.Equal(trials.Length, confusion.Trials);
            Assert.InRange(confusion.BothAccept, 1, 24);
            Assert.Equal((0, 0, confusion.BothReject), (confusion.OnlyJudgeAccepts, confusion.OnlyOracleAccepts, trials.Length - confusion.BothAccept));
            Assert.All(trials.Where(t => t.Mutant.Operator == "rewrite"), t => Assert.True(t.Accepted, t.Fault));
            Assert.All(trials, t => Assert.Equal(t.Accepted, t.Fault is null));
            Assert.Contains(trials, t => t.PublicPassed && !t.Accepted);
        }
    }

    [Fact]
    public async Task A_judge_that_pays_wrongly_is_found_out()
    {
        var set = await new JudgeAudit(sandboxes.Local).OpenAsync(Sets()[1]);
        var confusion = Confusion.Of(await new JudgeAudit(new Lenient(sandboxes.Local, set)).TryMutantsAsync(set, 10));
        Assert.InRange(confusion.OnlyJudgeAccepts, 5, 10);
        Assert.Equal(0, confusion.BothReject);
        Assert.Equal(1, confusion.FalseAccepts.Estimate);
    }

    // Runs a reference in place of whatever program is asked for.
    sealed class Lenient(ISandbox inner, AuditedSet set) : ISandbox
    {
        readonly Dictionary<string, string> references = set.Sound.GroupBy(p => p.AllTests[0].Input).ToDictionary(g => g.Key, g => g.First().Reference!);

        public string Name => inner.Name;
        public string Python => inner.Python;
        public IReadOnlyList<string> Layers => inner.Layers;

        public Task<ImmutableArray<ExecutionResult>> RunAsync(ExecutionRequest request, CancellationToken cancellation = default) =>
            inner.RunAsync(references.TryGetValue(request.Inputs[0], out var reference) ? request with { Program = reference } : request, cancellation);

        public ValueTask DisposeAsync() => default;
    }

    [Fact]
    public async Task No_cheat_is_paid_though_a_plain_harness_pays_some()
    {
        var audit = new JudgeAudit(sandboxes.Local);
        foreach (var path in Sets())
        {
            var set = await audit.OpenAsync(path);
            var trials = await audit.TryCheatsAsync(set, 1);
            Assert.Equal(Cheats.All.Length, trials.Length);
            Assert.Empty(trials.Where(t => t.Verdict is VerdictKind.Accepted or VerdictKind.InfrastructureError));
            Assert.DoesNotContain(trials, t => t.Verdict == VerdictKind.CompileError);
            foreach (var name in (string[])["early exit", "hard exit", "exit on import"])
                Assert.Equal(set.Reading.Format == "humaneval", trials.First(t => t.Cheat.Name == name).Oracle!.Passed);
        }
    }

    [Fact]
    public async Task Outputs_learned_by_heart_are_paid_where_all_tests_are_public()
    {
        var learned = Cheats.All.First(c => c.Name == "hard-coded public outputs");
        TestCase[] lines = [new("1\n", "2\n"), new("2\n", "4\n")], calls = [new("[1, [2]]", "[3]"), new("[[], {\"a\": 1}]", "{\"b\": null}")];
        foreach (var (tests, entry) in ((TestCase[], string?)[])[(lines, null), (calls, "f")])
        {
            var problem = Problem("") with { PublicTests = [.. tests], PrivateTests = [.. tests], EntryPoint = entry, Comparison = entry is null ? Comparison.Tokens : Comparison.Value };
            Assert.True((await sandboxes.Judge().JudgeAsync(learned.For(problem), problem, problem.AllTests)).Accepted);
        }
    }
}
