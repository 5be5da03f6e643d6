using Rlef.Execution;
using Rlef.Problems;
using Rlef.Problems.Micro;
using Rlef.Randomness;

namespace Rlef.Core.Tests.Problems.Worlds;

public sealed class MicroGeneratorTests(Sandboxes sandboxes)
{
    static readonly string[] Everything = [.. MicroGenerator.Families, .. MicroGenerator.HeldOut];

    [Fact]
    public void A_seed_decides_the_problems_and_another_draws_others()
    {
        string[] Draw(ulong seed) => [.. new MicroGenerator(seed).Draw(Split.Test, Everything).Take(50).Select(t => $"{t.Statement}\n{t.Program}\n{string.Join('|', t.Inputs)}")];
        Assert.Equal(Draw(3), Draw(3));
        Assert.Empty(Draw(3).Intersect(Draw(4)));
    }

    [Fact]
    public void Families_are_many_and_every_core_can_be_learned()
    {
        Assert.True(MicroGenerator.Families.Length >= 6 && MicroGenerator.HeldOut.Length >= 1);
        Assert.Empty(MicroGenerator.Families.Intersect(MicroGenerator.HeldOut));
        var drawn = new MicroGenerator(5).Draw(Split.Train, Everything).Take(4000).ToList();
        Assert.Equal(MicroGrammar.Cores.Values.Sum(c => c.Length), drawn.Select(t => (t.Family, t.Core)).Distinct().Count());
        Assert.All(drawn, t => Assert.Equal(Split.Train, Splits.Of(t.Composition)));
    }

    [Fact]
    public void Programs_have_four_to_twenty_lines_and_no_slot_is_left_open()
    {
        foreach (var task in new MicroGenerator(6).Draw(Split.Validation, Everything).Take(2000))
        {
            Assert.InRange(task.Program.Count(c => c == '\n'), 3, 20);
            Assert.DoesNotContain('{', task.Statement);
            Assert.DoesNotMatch(@"\{[a-z]+2?[:.}]", task.Program);
        }
    }

    [Fact]
    public async Task Statements_are_complete_since_problems_with_the_same_statement_do_the_same()
    {
        var factory = new MicroFactory(sandboxes.Local, 1);
        var groups = Enum.GetValues<Split>().SelectMany(split => new MicroGenerator(8).Draw(split, Everything).Take(5_000))
            .GroupBy(t => t.Statement).Where(g => g.Count() > 1).ToList();
        foreach (var group in groups)
        {
            var behaviours = await Task.WhenAll(group.Select(t => factory.BehaviourAsync(t, TestContext.Current.CancellationToken)));
            Assert.True(behaviours.Distinct().Count() == 1, group.Key);
        }
    }

    [Fact]
    public async Task Programs_never_fail_and_are_spelled_as_broken_ones_are()
    {
        var breaker = new MicroBreaker(sandboxes.Local);
        await Parallel.ForEachAsync(new MicroGenerator(9).Draw(Split.Train, Everything).Take(100), async (task, stop) =>
        {
            var behaviour = await breaker.BreakAsync(task, 0, cancellation: stop);
            Assert.True(behaviour.Normal == task.Program, $"{task.Program}\nis normally\n{behaviour.Normal}");
            foreach (var (input, output) in task.Inputs.Zip(behaviour.Outputs))
                Assert.True(output is not null || input.Kind == MicroInput.Sort.Large && task.Type == "number", $"{task.Statement}\n{task.Program}\nfails on {input.Text}");
        });
    }

    [Fact]
    public async Task The_judge_accepts_the_reference_and_finds_out_every_broken_version()
    {
        var (breaker, judge) = (new MicroBreaker(sandboxes.Local), sandboxes.Judge());
        var (problems, bugs) = (0, 0);
        await Parallel.ForEachAsync(new MicroGenerator(10).Draw(Split.Train, Everything).Take(20), async (task, stop) =>
        {
            var behaviour = await breaker.BreakAsync(task, 12, cancellation: stop);
            var random = RandomStream.For(1);
            if (MicroTests.Choose(task, behaviour, ref random) is not { } problem)
                return;
            Interlocked.Increment(ref problems);
            Assert.InRange(problem.PublicTests.Length, 1, 3);
            Assert.InRange(problem.PrivateTests.Length, MicroTests.FewestPrivate, MicroTests.MostPrivate);
            Assert.Empty(problem.PublicTests.Select(t => t.Input).Intersect(problem.PrivateTests.Select(t => t.Input)));
            Assert.True((await judge.JudgeAsync(problem.Reference!, problem, problem.AllTests, cancellation: stop)).Accepted, problem.Reference);
            foreach (var bug in behaviour.Bugs)
            {
                Interlocked.Increment(ref bugs);
                Assert.False((await judge.JudgeAsync(bug.Program, problem, problem.AllTests, stopAtFirstFailure: true, stop)).Accepted,
                    $"{bug.Kind} is not found out:\n{bug.Program}");
            }
        });
        Assert.InRange(problems, 10, 20);
        Assert.True(bugs > 5 * problems);
    }

    [Fact]
    public async Task Bugs_are_of_many_kinds()
    {
        var breaker = new MicroBreaker(sandboxes.Local);
        var behaviours = await Task.WhenAll(new MicroGenerator(12).Draw(Split.Train, Everything).Take(150).Select(t => breaker.BreakAsync(t, 24)));
        var kinds = behaviours.SelectMany(b => b.Bugs).Select(b => b.Kind).ToHashSet();
        Assert.Empty(((string[])["aliasing", "border", "empty list", "initial value", "missing branch", "missing condition", "missing step", "number", "off by one",
            "operator", "recursion", "slow", "syntax", "unknown name"]).Except(kinds));
    }

    [Fact]
    public async Task A_share_of_problems_withholds_something_where_that_is_asked()
    {
        var problems = await new MicroFactory(sandboxes.Local, 2, hidden: 0.5).MakeAsync(Split.Train, 20, MicroGenerator.Families, [], TestContext.Current.CancellationToken);
        Assert.InRange(problems.Count(p => p.Labels["family"] == "hidden-specification"), 4, 16);
        Assert.Equal(20, problems.Select(p => p.Id).Distinct().Count());
    }
}
