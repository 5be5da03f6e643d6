using FsCheck;
using FsCheck.Fluent;
using Rlef.Curricula;
using Rlef.Experience;
using Rlef.Problems;

namespace Rlef.Core.Tests.Curricula;

public sealed class CurriculumTests
{
    static ProblemSet Set(int count) => new("set", Enumerable.Range(0, count).Select(i => Episodes.Problem with { Id = $"p{i}" }));

    static RunMemory After(int rounds, params (string Problem, int Played, int Solved)[] records) =>
        new() { Rounds = rounds, Problems = records.ToDictionary(r => r.Problem, r => new RunMemory.ProblemRecord(r.Played, r.Solved, 0)) };

    [Fact]
    public void Every_pass_is_another_permutation_whatever_is_taken_at_once() => Prop.ForAll(Arb.From(Gen.Choose(1, 12)), Arb.From(Gen.Choose(1, 15)), (problems, count) =>
    {
        var (set, arm) = (Set(problems), new ShuffledProblems());
        var all = Enumerable.Range(0, 3 * problems).SelectMany(round => arm.Next(set, After(round), 5, count)).ToList();
        return all.Chunk(problems).Where(pass => pass.Length == problems).All(pass => pass.Distinct().Count() == problems);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void The_order_depends_on_seed_and_pass_alone()
    {
        var (set, arm) = (Set(30), new ShuffledProblems());
        Assert.Equal(arm.Next(set, After(2), 1, 10), arm.Next(set, After(2), 1, 10));
        Assert.NotEqual(arm.Next(set, After(0), 1, 30), arm.Next(set, After(0), 2, 30));
        Assert.NotEqual(arm.Next(set, After(0), 1, 30), arm.Next(set, After(1), 1, 30));
        // A pass taken in thirds is the same pass.
        Assert.Equal(arm.Next(set, After(0), 1, 30), Enumerable.Range(0, 3).SelectMany(round => arm.Next(set, After(round), 1, 10)));
    }

    [Fact]
    public void Problems_that_are_always_or_never_solved_are_passed_over()
    {
        var memory = After(1, ("p0", 8, 8), ("p1", 8, 0), ("p2", 8, 3), ("p3", 7, 0));
        var next = new SolvableProblems().Next(Set(5), memory, 1, 9);
        Assert.Equal([2, 3, 4], next.Distinct().Order());
        Assert.Equal(9, next.Count);
    }

    [Fact]
    public void But_have_their_turn_again()
    {
        (string, int, int)[] records = [("p0", 8, 8), ("p1", 9, 0), ("p2", 8, 1)];
        var arm = new SolvableProblems { Revisit = 4 };
        Assert.Equal([0, 1, 2], arm.Next(Set(3), After(3, records), 1, 3).Order());
        Assert.Equal([2], arm.Next(Set(3), After(4, records), 1, 3).Distinct());
        Assert.Equal([0, 1, 2], (arm with { Episodes = 20 }).Next(Set(3), After(4, records), 1, 3).Order());
    }

    [Fact]
    public void Where_nothing_can_be_learned_all_are_played() =>
        Assert.Equal([0, 1], new SolvableProblems().Next(Set(2), After(1, ("p0", 8, 8), ("p1", 8, 0)), 1, 2).Order());

    [Fact]
    public void What_is_open_comes_once_in_a_pass_and_rounds_are_full()
    {
        var arm = new SolvableProblems { Revisit = 100 };
        var memory = After(0, ("p1", 8, 8));
        List<int> all = [];
        for (; memory.Rounds < 6; memory.Rounds++)
            all.AddRange(arm.Next(Set(4), memory, 1, 8));
        Assert.Equal(48, all.Count);
        Assert.All(all.Chunk(3), pass => Assert.Equal([0, 2, 3], pass.Order()));
    }

    [Fact]
    public void Settings_that_end_nowhere_are_refused() => Assert.Contains("curriculum.revisit", Assert.Throws<ArgumentException>(() => new SolvableProblems { Revisit = 0 }.Check()).Message, StringComparison.Ordinal);
}
