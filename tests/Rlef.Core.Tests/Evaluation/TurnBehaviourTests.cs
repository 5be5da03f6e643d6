using Rlef.Dialogue;
using Rlef.Evaluation;
using Rlef.Execution;

namespace Rlef.Core.Tests.Evaluation;

public sealed class TurnBehaviourTests
{
    [Theory]
    [InlineData("print(1)", "print(1)", 1)]
    [InlineData("a = 1\n", "a=1", 1)]
    [InlineData("abc", "xyz", 0)]
    [InlineData("", "", 1)]
    [InlineData("", "x", 0)]
    // One letter of two, no pair: P = R = (1/2 + 0) / 2.
    [InlineData("ab", "ax", 0.25)]
    // Orders 1 and 2: P = (2/3 + 1/2) / 2, R = (2/2 + 1/1) / 2, F₂ = 5PR / (4P + R).
    [InlineData("abc", "ab", 0.875)]
    public void ChrF_counts_groups_of_letters(string text, string reference, double expected) => Assert.Equal(expected, ChrF.Of(text, reference), 12);

    [Fact]
    public void ChrF_weighs_recall_more() => Assert.True(ChrF.Of("abcdefgh", "abcd") > ChrF.Of("abcd", "abcdefgh"));

    static Turn Turn(VerdictKind? outcome, string program = "x") => new()
    {
        Observation = "", Text = $"```python\n{program}\n```", Truncated = false,
        Code = outcome is null ? null : CodeBlock.Find($"```python\n{program}\n```"),
        Public = outcome is { } kind ? new Judgement([new(kind, new("", ""), "", null, TimeSpan.Zero)], 1) : null,
    };

    static Episode Episode(params Turn[] turns) => new(new() { Id = "p", Statement = "", PublicTests = [], PrivateTests = [] }, 0, [.. turns], null);

    [Fact]
    public void Every_turn_says_what_came_of_it_and_how_far_it_went()
    {
        var behaviour = TurnBehaviour.Of(
        [
            Episode(Turn(VerdictKind.Accepted)),
            Episode(Turn(VerdictKind.WrongAnswer, "ab"), Turn(VerdictKind.Accepted, "ax")),
            Episode(Turn(VerdictKind.WrongAnswer, "ab"), Turn(VerdictKind.WrongAnswer, "ab"), Turn(null)),
            Episode(Turn(null), Turn(VerdictKind.Accepted)),
            Episode(Turn(VerdictKind.InfrastructureError)),
        ]);
        Assert.Equal([(1, 4), (2, 3), (3, 1)], behaviour.Select(b => (b.Turn, b.Programs)));
        Assert.Equal([("Accepted", 0.25), ("NoCode", 0.25), ("WrongAnswer", 0.5)], behaviour[0].Verdicts.OrderBy(v => v.Key).Select(v => (v.Key, v.Value)));
        Assert.Empty(behaviour[0].Repaired);
        Assert.Equal([("NoCode", 1), ("WrongAnswer", 0.5)], behaviour[1].Repaired.OrderBy(v => v.Key).Select(v => (v.Key, v.Value)));
        Assert.Equal(((double?)null, 0.375, (double?)null), (behaviour[0].Edit, behaviour[1].Edit!.Value, behaviour[2].Edit));
        Assert.Empty(TurnBehaviour.Of([]));
    }
}
