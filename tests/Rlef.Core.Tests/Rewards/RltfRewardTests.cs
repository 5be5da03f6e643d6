using System.Text.Json;
using Rlef.Learning;
using Rlef.Policy;
using Rlef.Rewards;
using static Rlef.Core.Tests.Episodes;
using static Rlef.Core.Tests.Rewards.PlayedPrograms;
using static Rlef.Execution.VerdictKind;

namespace Rlef.Core.Tests.Rewards;

public sealed class RltfRewardTests(Sandboxes sandboxes)
{
    const string Right = "print(sum(map(int, input().split())))";

    static readonly PolicyTokenizer Letters = Tokenizers.Bytes();

    [Theory]
    [InlineData(Right, 1.0, 1.0)]
    [InlineData("a, b = map(int, input().split())\nprint(a + b if b else -1)", -0.3, -0.3 + 1.3 * 2 / 3)]
    [InlineData("a, b = map(int, input().split())\nprint(3 if a < 5 else 5)", -0.3, -0.3 + 1.3 * 2 / 3)]
    [InlineData("print('no')", -0.3, -0.3)]
    // Of an error on one test, the others are no share.
    [InlineData("a, b = map(int, input().split())\nprint(a // b * b + a % b + b)", -0.6, -0.3)]
    [InlineData("a, b = map(int, input().split())\nwhile b == 4: pass\nprint(a + b)", -0.6, -0.3)]
    [InlineData("print(", -1.0, -0.3)]
    [InlineData("  print(1)\n print(2)", -1.0, -0.3)]
    public async Task Each_outcome_has_its_levels(string program, double coarse, double adaptive)
    {
        var episode = await PlayAsync(sandboxes, Fenced(program), Letters);
        Assert.Equal(coarse, Assert.Single(new RltfReward(RltfFeedback.Coarse, Letters).Score(episode).Turns), 12);
        Assert.Equal(adaptive, Assert.Single(new RltfReward(RltfFeedback.Adaptive, Letters).Score(episode).Turns), 12);
        Assert.Equal(coarse + adaptive, Assert.Single(new RltfReward(RltfFeedback.All, Letters).Score(episode).Turns), 12);
        Assert.Equal(coarse + adaptive, Assert.Single(new RltfReward(RltfFeedback.Coarse | RltfFeedback.Adaptive, Letters).Score(episode).Turns), 12);
        Assert.Equal(0, Assert.Single(new RltfReward(RltfFeedback.Fine, Letters).Score(episode).Turns));
    }

    [Fact]
    public void Words_without_a_program_are_a_syntax_error_without_a_fault()
    {
        var reward = new RltfReward(RltfFeedback.All, Letters).Score(Of(null, Turn(null, "words")));
        Assert.Equal([-1.3], reward.Turns);
        Assert.All(reward.Tokens, token => Assert.Equal(0, token));
    }

    [Theory]
    [InlineData(RltfFeedback.Coarse, false)]
    [InlineData(RltfFeedback.Adaptive, false)]
    [InlineData(RltfFeedback.Coarse | RltfFeedback.Adaptive, false)]
    [InlineData(RltfFeedback.Fine, true)]
    [InlineData(RltfFeedback.Fine | RltfFeedback.Adaptive, true)]
    public async Task Tokens_are_paid_where_fine_feedback_is(RltfFeedback feedback, bool paid)
    {
        var episode = await PlayAsync(sandboxes, Fenced("x = 1\ny = x.z"), Letters);
        Assert.Equal(paid, new RltfReward(feedback, Letters).Score(episode).Tokens.Any(t => t < 0));
    }

    [Fact]
    public async Task Alpha_is_the_response_by_the_fault_or_one_and_the_penalty_is_free()
    {
        const string line = "y = x.z";
        var episode = await PlayAsync(sandboxes, Fenced($"x = 1\n{line}"), Letters);
        var length = episode.Last.Response.Length;
        Assert.Equal(Fenced("").Length + "x = 1\n".Length + line.Length + 1, length); // with the end token
        Assert.Equal(Enumerable.Repeat(-0.3 * length / line.Length, line.Length), Paid(new()));
        Assert.Equal(Enumerable.Repeat(-0.5 * length / line.Length, line.Length), Paid(new() { FinePenalty = -0.5 }));
        Assert.Equal(Enumerable.Repeat(-0.3, line.Length), Paid(new() { FineAlpha = false }));
        Assert.Empty(Paid(new() { FinePenalty = 0 }));

        IEnumerable<double> Paid(RltfTerms terms) => new RltfReward(terms with { Feedback = RltfFeedback.Fine }, Letters).Score(episode).Tokens.Where(t => t != 0);
    }

    [Fact]
    public void Terms_are_told_by_the_name()
    {
        RltfTerms[] terms =
        [
            new(), new() { FinePenalty = -0.1 }, new() { FineAlpha = false }, new() { FinePenalty = -0.1, FineAlpha = false }, new() { Feedback = RltfFeedback.Coarse },
            new() { Feedback = RltfFeedback.Coarse | RltfFeedback.Fine }, new() { Feedback = RltfFeedback.Fine }, new() { Feedback = RltfFeedback.Adaptive },
        ];
        Assert.Equal(terms.Length, terms.Select(t => new RltfReward(t, Letters).Name).Distinct().Count());
        Assert.Equal("coarse", new RltfReward(RltfFeedback.Coarse, Letters).Name);
        Assert.Equal(new RltfReward(RltfFeedback.Coarse, Letters).Name, new RltfReward(new RltfTerms { Feedback = RltfFeedback.Coarse, FineAlpha = false }, Letters).Name);
    }

    [Fact]
    public void Known_rewards_have_the_names_that_recipes_give_them() =>
        Assert.All([.. KnownRewards.Names, "rlef, -0.5", "rlef, levels", "rlef, levels, -0.5", "rltf, -0.1", "fine, alpha 1", "coarse+fine, 0, alpha 1"], name => Assert.Equal(name, KnownRewards.Create(name, Letters).Name));

    [Theory]
    [InlineData("best")]
    [InlineData("rlef, 0.5")]
    [InlineData("rlef, alpha 1")]
    [InlineData("coarse, -0.1")]
    [InlineData("rltf, -0.1, beta 1")]
    public void A_reward_that_there_is_not_is_refused_with_those_that_there_are(string name) =>
        Assert.Contains("known are rlef, coarse", Assert.Throws<ArgumentException>(() => KnownRewards.Create(name, Letters)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData((RltfFeedback)0, -0.3)]
    [InlineData((RltfFeedback)8, -0.3)]
    [InlineData(RltfFeedback.All, 0.3)]
    [InlineData(RltfFeedback.All, double.NaN)]
    [InlineData(RltfFeedback.All, double.NegativeInfinity)]
    public void Terms_that_are_none_are_refused(RltfFeedback feedback, double penalty) =>
        Assert.Throws<ArgumentException>(() => new RltfReward(new RltfTerms { Feedback = feedback, FinePenalty = penalty }, Letters));

    [Fact]
    public void Dialogues_of_several_turns_are_refused()
    {
        var refusal = Assert.Throws<ArgumentException>(() => new RltfReward(RltfFeedback.All, Letters).Score(Of(Judged(Accepted, Accepted), Turn(Judged(WrongAnswer)), Turn(Judged(Accepted)))));
        Assert.Contains("turn limit of 1", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("--turns 1", Assert.Throws<ArgumentException>(() => new RltfReward(RltfFeedback.All, Letters).CheckTurns(3)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Turns_that_the_policy_was_given_are_not_paid()
    {
        var played = await PlayAsync(sandboxes, Fenced("x = 1\nx.y"), Letters);
        var (terms, given) = (new RltfReward(RltfFeedback.All, Letters), Turn(Judged(WrongAnswer)) with { Given = true });
        var (alone, behind) = (terms.Score(played), terms.Score(played with { Turns = [given, .. played.Turns] }));
        Assert.Equal([0, .. alone.Turns], behind.Turns);
        Assert.Equal(alone.Tokens, behind.Tokens);
        Assert.Throws<ArgumentException>(() => terms.Score(Of(Judged(Accepted, Accepted), given with { Public = Judged(Accepted) })));
    }

    [Fact]
    public void Programs_that_were_not_run_on_every_test_are_refused()
    {
        Assert.Throws<ArgumentException>(() => new RltfReward(RltfFeedback.Coarse, Letters).Score(Of(null, Turn(Judged(WrongAnswer)))));
        Assert.Throws<ArgumentException>(() => new RltfReward(RltfFeedback.Coarse, Letters).Score(Of(Judged(Accepted), Turn(Judged(Accepted)))));
    }

    [Fact]
    public void A_failure_of_the_sandbox_is_no_reward() =>
        Assert.Throws<ArgumentException>(() => new RltfReward(RltfFeedback.Coarse, Letters).Score(Of(Judged(Accepted, InfrastructureError), Turn(Judged(Accepted)))));
}
