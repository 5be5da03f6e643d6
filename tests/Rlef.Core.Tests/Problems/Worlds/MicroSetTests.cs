using System.Globalization;
using Rlef.Experiments;
using Rlef.Problems;
using Rlef.Problems.Micro;

namespace Rlef.Core.Tests.Problems.Worlds;

public sealed class MicroSetTests(Sandboxes sandboxes)
{
    static readonly Dictionary<string, ProblemSet> Sets = MicroSets.Names.ToDictionary(name => name, Laboratory.Micro);

    [Fact]
    public async Task Shipped_sets_begin_as_the_factory_makes_them()
    {
        var made = await new MicroFactory(sandboxes.Local, MicroSets.Seed).MakeAsync(Split.Train, 30, MicroGenerator.Families, [], TestContext.Current.CancellationToken);
        Assert.Equal(ProblemFile.Digest(Sets["train"].Take(30)), ProblemFile.Digest(made));
    }

    [Fact]
    public void Sets_share_no_composition_no_statement_and_no_program()
    {
        var all = Sets.SelectMany(s => s.Value.Select(p => (Set: s.Key, Problem: p))).ToList();
        Assert.Equal(all.Count, all.Select(p => p.Problem.Statement).Distinct().Count());
        Assert.Equal(all.Count, all.Select(p => p.Problem.Reference).Distinct().Count());
        foreach (var group in all.Where(p => p.Set != "unseen").GroupBy(p => p.Problem.Labels["composition"]))
            Assert.Single(group.Select(p => p.Set).Distinct());
        Assert.Empty(Sets["unseen"].Select(p => p.Labels["family"]).Intersect(all.Where(p => p.Set != "unseen").Select(p => p.Problem.Labels["family"])));
        Assert.Equal(MicroGenerator.HeldOut.Order(), Sets["unseen"].Select(p => p.Labels["family"]).Distinct().Order());
    }

    [Theory]
    [InlineData("validation")]
    [InlineData("unseen")]
    public async Task Every_third_problem_proves_itself(string set)
    {
        var some = new ProblemSet(set, Sets[set].Where((_, i) => i % 3 == 0));
        var result = await ProblemSetValidator.ValidateAsync(some, sandboxes.Judge(), cancellation: TestContext.Current.CancellationToken);
        Assert.Equal((some.Count, some.Count, some.Count), (result.Problems, result.Accepted, result.EmptyRejected));
    }

    /// <summary>Some statements, done in another way than their references do them.</summary>
    static readonly Dictionary<string, Func<string, string>> Otherwise = new()
    {
        ["run(even)"] = input => Number(Ints(input).Aggregate((Best: 0, Now: 0), (run, x) => x % 2 == 0 ? (Math.Max(run.Best, run.Now + 1), run.Now + 1) : (run.Best, 0)).Best),
        ["records(larger)"] = input => Number(Ints(input).Where((x, i) => Ints(input).Take(i).All(y => y < x)).Count()),
        ["records(smaller)"] = input => Number(Ints(input).Where((x, i) => Ints(input).Take(i).All(y => y > x)).Count()),
        ["rising(rising)"] = input => Number(Stretches(Ints(input), (x, y) => y > x)),
        ["rising(falling)"] = input => Number(Stretches(Ints(input), (x, y) => y < x)),
        ["keep(once,vowels)"] = input => new([.. input.Trim().Where("aeiou".Contains)]),
        ["keep(twice,vowels)"] = input => string.Concat(input.Trim().Where("aeiou".Contains).Select(c => new string(c, 2))),
        ["total(same,even)"] = input => Number(Ints(input).Where(x => x % 2 == 0).Sum()),
        ["equalpairs(value)"] = input => Number(Ints(input).GroupBy(x => x).Sum(g => g.Count() * (g.Count() - 1) / 2)),
        ["group(value)"] = input => Number(Ints(input).GroupBy(x => x).Select(g => g.Count()).DefaultIfEmpty(0).Max()),
        ["initials(length)"] = input => Number(input.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).GroupBy(w => w.Length).Select(g => g.Count()).DefaultIfEmpty(0).Max()),
    };

    [Fact]
    public async Task References_do_what_their_statements_say()
    {
        var breaker = new MicroBreaker(sandboxes.Local);
        var checkedOnes = new HashSet<string>();
        foreach (var split in Enum.GetValues<Split>())
            foreach (var task in new MicroGenerator(21).Draw(split, MicroGenerator.Families).Take(8000))
                if (Otherwise.TryGetValue(task.Composition, out var otherwise) && task.Program.EndsWith("\nprint(r)\n", StringComparison.Ordinal) && checkedOnes.Add(task.Composition))
                    foreach (var (input, output) in task.Inputs.Zip((await breaker.BreakAsync(task, 0, cancellation: TestContext.Current.CancellationToken)).Outputs))
                        Assert.True(otherwise(input.Text) == output!.Trim(), $"{task.Statement}\n{task.Program}\n{input.Text}{output}");
        Assert.True(checkedOnes.Count >= 8, string.Join(' ', checkedOnes));
    }

    static int[] Ints(string input) => [.. input.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(x => int.Parse(x, CultureInfo.InvariantCulture))];

    static int Stretches(int[] numbers, Func<int, int, bool> goesOn) => Enumerable.Range(0, numbers.Length)
        .Select(i => 1 + numbers.Skip(i).Zip(numbers.Skip(i + 1)).TakeWhile(p => goesOn(p.First, p.Second)).Count()).DefaultIfEmpty(0).Max();

    static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);

    [Fact]
    public async Task Probes_pay_publicly_for_what_fails_privately()
    {
        var judge = sandboxes.Judge();
        var stop = TestContext.Current.CancellationToken;
        foreach (var problem in Laboratory.Micro("probe-contradictory").Take(10))
        {
            Assert.False((await judge.JudgeAsync(problem.Reference!, problem, problem.PublicTests, cancellation: stop)).Accepted);
            Assert.True((await judge.JudgeAsync(problem.Reference!, problem, problem.PrivateTests, cancellation: stop)).Accepted);
        }
        foreach (var problem in Laboratory.Micro("probe-constant").Take(10))
        {
            var program = $"print({ProblemsText(problem.PublicTests[0].Output)})";
            Assert.True((await judge.JudgeAsync(program, problem, problem.PublicTests, cancellation: stop)).Accepted);
            Assert.False((await judge.JudgeAsync(program, problem, problem.PrivateTests, cancellation: stop)).Accepted);
        }
        Assert.All(Laboratory.Micro("probe-leaked"), problem => Assert.Equal(problem.PrivateTests.AsEnumerable(), problem.PublicTests));

        static string ProblemsText(string output) => System.Text.Json.JsonSerializer.Serialize(output.Trim());
    }
}
