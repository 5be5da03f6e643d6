using Rlef.Execution;
using Rlef.Experiments;
using Rlef.Problems;
using Rlef.Problems.Nano;

namespace Rlef.Core.Tests.Problems;

public sealed class NanoTests(Sandboxes sandboxes)
{
    [Fact]
    public void Shipped_sets_are_what_the_generator_makes_and_share_no_composition()
    {
        var compositions = new Dictionary<string, Split>();
        foreach (var (split, tasks) in NanoSets.All())
        {
            var path = Path.GetTempFileName();
            ProblemFile.Save(path, tasks.Select(t => t.ToProblem()));
            Assert.Equal(File.ReadAllText(path), File.ReadAllText(Home.File("data", "nano", split.ToString().ToLowerInvariant() + ".jsonl")));
            File.Delete(path);
            foreach (var task in tasks)
            {
                Assert.True(compositions.TryAdd(task.Composition, split) || compositions[task.Composition] == split);
                Assert.Equal(split, Splits.Of(task.Composition));
            }
        }
    }

    [Fact]
    public async Task The_judge_agrees_with_the_evaluator_on_every_combination_of_choices()
    {
        var tasks = new NanoGenerator(11).Generate(Split.Validation, 12, [0, 1, 2, 3]).ToList();
        var judge = sandboxes.Judge();
        await Parallel.ForEachAsync(tasks, async (task, stop) =>
        {
            var problem = task.ToProblem();
            foreach (var choices in NanoChoices.All)
            {
                var judgement = await judge.JudgeAsync(task.Program(choices), problem, problem.PublicTests, cancellation: stop);
                Assert.True(judgement.Accepted == (choices == task.Truth), $"{task.Statement}\n{task.Program(choices)}");
            }
        });
    }

    [Fact]
    public async Task Every_fourth_test_problem_proves_itself()
    {
        var result = await ProblemSetValidator.ValidateAsync(new("test", Laboratory.Nano("test").Where((_, i) => i % 4 == 0)), sandboxes.Judge());
        Assert.Equal((100, 100, 100), (result.Problems, result.Accepted, result.EmptyRejected));
        Assert.Empty(result.Faults);
    }

    [Fact]
    public async Task A_wrong_reference_is_named_with_the_test_that_it_fails()
    {
        var problem = Laboratory.Nano("test")[0] with { Reference = "print('no')" };
        var fault = Assert.Single((await ProblemSetValidator.ValidateAsync(new("x", [problem]), sandboxes.Judge())).Faults);
        Assert.Equal((problem.Id, "reference"), (fault.Problem, fault.Field));
        Assert.Contains("WrongAnswer on public_tests[0]", fault.What);
    }

    [Theory]
    [InlineData("{\"id\":\"a\"", "(line)", "not JSON")]
    [InlineData("7", "(line)", "object")]
    [InlineData("{\"id\":\"a\",\"statement\":\"s\",\"public_tests\":[],\"private_tests\":[]}", "public_tests", "empty")]
    [InlineData("{\"id\":\"a\",\"statement\":\"s\",\"public_tests\":[{\"input\":1,\"output\":\"\"}]}", "public_tests[0].input", "text")]
    [InlineData("{\"id\":\"a\",\"statement\":\"s\",\"public_tests\":[{\"input\":\"\"}]}", "public_tests[0].output", "missing")]
    [InlineData("{\"statement\":\"s\"}", "id", "missing")]
    [InlineData("{\"id\":\"a\",\"stetement\":\"s\"}", "stetement", "unknown")]
    public void A_faulty_line_is_named_with_its_field(string line, string field, string fault)
    {
        var path = Path.GetTempFileName();
        File.WriteAllText(path, "\n" + line + "\n");
        var e = Assert.Throws<ProblemFormatException>(() => ProblemFile.Load(path));
        File.Delete(path);
        Assert.Equal((path, 2, field), (e.File, e.Line, e.Field));
        Assert.Contains(fault, e.Message);
    }

    [Fact]
    public void A_problem_file_comes_back_as_it_was_written()
    {
        var problem = Laboratory.Nano("validation")[3] with { Limits = Limits.CodeContests, Comparison = Comparison.Float };
        var path = Path.GetTempFileName();
        ProblemFile.Save(path, [problem]);
        var read = ProblemFile.Load(path)[0];
        File.Delete(path);
        Assert.Equal((problem.Id, problem.Statement, problem.Reference, problem.Limits, problem.Comparison), (read.Id, read.Statement, read.Reference, read.Limits, read.Comparison));
        Assert.Equal(problem.PublicTests.AsEnumerable(), read.PublicTests);
        Assert.Equal(problem.PrivateTests.AsEnumerable(), read.PrivateTests);
        Assert.Equal(problem.Labels.OrderBy(l => l.Key), read.Labels.OrderBy(l => l.Key));
    }
}
