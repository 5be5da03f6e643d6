using System.Text;
using Rlef.Dialogue;
using Rlef.Execution;
using Rlef.Policy;
using Rlef.Rewards;
using static Rlef.Core.Tests.Episodes;
using static Rlef.Execution.VerdictKind;

namespace Rlef.Core.Tests.Rewards;

public sealed class RewardTests
{
    static readonly PolicyTokenizer Letters = Tokenizers.Bytes();

    [Fact]
    public void Rlef_pays_the_end_and_charges_turns_without_code()
    {
        var reward = new RlefReward();
        Assert.Equal([0, 1], reward.Score(Of(Judged(Accepted, Accepted), Turn(Judged(WrongAnswer)), Turn(Judged(Accepted)))).Turns);
        Assert.Equal([-1], reward.Score(Of(Judged(Accepted, WrongAnswer), Turn(Judged(Accepted)))).Turns);
        Assert.Equal([-0.2, -1.2], reward.Score(Of(null, Turn(null, "words"), Turn(null, "words"))).Turns);
    }

    [Theory]
    [InlineData(Accepted, 1.0)]
    [InlineData(WrongAnswer, -0.3)]
    [InlineData(RuntimeError, -0.6)]
    [InlineData(TimeLimit, -0.6)]
    [InlineData(CompileError, -1.0)]
    public void Rltf_coarse_reward_has_four_levels(VerdictKind worst, double expected) =>
        Assert.Equal([expected], new RltfReward(RltfFeedback.Coarse, Letters).Score(Of(Judged(Accepted, worst), Turn(Judged(Accepted)))).Turns);

    [Fact]
    public void Rltf_adaptive_reward_is_a_share_of_all_tests()
    {
        var reward = new RltfReward(RltfFeedback.Adaptive, Letters);
        Assert.Equal(-0.3 + 1.3 * 2 / 3, reward.Score(Of(Judged(Accepted, WrongAnswer), Turn(Judged(Accepted)))).Turns[0], 12);
        Assert.Equal(-0.3, reward.Score(Of(null, Turn(null, "words"))).Turns[0], 12);
    }

    [Fact]
    public void Rltf_fine_reward_falls_on_the_line_at_fault_scaled_to_the_length_of_the_response()
    {
        const string text = "```python\nx=1\ny=1/0\nz=2\n```";
        var ids = Letters.Encode(text);
        var failed = new Verdict(RuntimeError, Problem.PublicTests[0], "", new("ZeroDivisionError", "", 2, ""), TimeSpan.Zero);
        var turn = Turn(new Judgement([failed], 1), text) with { Response = ids, LogProbs = new float[ids.Length] };
        var tokens = new RltfReward(RltfFeedback.Fine, Letters).Score(Of(null, turn)).Tokens;
        var (start, end) = (text.IndexOf("y=1/0", StringComparison.Ordinal), text.IndexOf("z=2", StringComparison.Ordinal));
        var expected = -0.3 * ids.Length / (end - start);
        for (var i = 0; i < ids.Length; i++)
            Assert.Equal(i >= start && i < end ? expected : 0, tokens[i], 9);
    }

    [Theory]
    [InlineData("IndentationError", 2, 0)]
    [InlineData("RecursionError", 2, 14)]
    public void Rltf_fine_reward_ignores_some_errors_and_blames_the_whole_program_for_others(string type, int line, int blamed)
    {
        const string text = "```python\nx=1\ny=1/0\nz=2\n```";
        var ids = Letters.Encode(text);
        var failed = new Verdict(RuntimeError, Problem.PublicTests[0], "", new(type, "", line, ""), TimeSpan.Zero);
        var turn = Turn(new Judgement([failed], 1), text) with { Response = ids, LogProbs = new float[ids.Length] };
        Assert.Equal(blamed, new RltfReward(RltfFeedback.Fine, Letters).Score(Of(null, turn)).Tokens.Count(t => t != 0));
    }

    [Theory]
    [InlineData("Sô🙂:\n1. do\n   ```python\n   x=1\n   é=1/0\n   z=2\n   ```", "é=1/0\n")]
    [InlineData("> ```python\r\n> x=1\r\n> y='🙂'/0\r\n> ```", "y='🙂'/0\r\n")]
    [InlineData("<think>\n```python\nx=1\ny=1/0\n```\n</think>\n```python\nx=1\nz=1/0\n```\n```\n9\n```", "z=1/0\n")]
    public void Rltf_fine_reward_finds_the_line_in_indented_and_quoted_blocks(string text, string line)
    {
        var tokens = Fine(text, new("ZeroDivisionError", "", 2, ""));
        var (start, end) = (Encoding.UTF8.GetByteCount(text[..text.LastIndexOf(line, StringComparison.Ordinal)]), Encoding.UTF8.GetByteCount(line));
        Assert.Equal(Enumerable.Range(start, end), Enumerable.Range(0, tokens.Length).Where(i => tokens[i] != 0));
    }

    [Fact]
    public void Rltf_fine_reward_blames_nothing_between_the_lines_of_a_quoted_program()
    {
        const string text = "> ```python\n> x=1\n> y=2\n> ```";
        var tokens = Fine(text, new("RecursionError", "", 1, ""));
        Assert.Equal("x=1\ny=2\n", string.Concat(text.Where((_, i) => tokens[i] != 0)));
    }

    static double[] Fine(string text, ProgramError error)
    {
        var ids = Letters.Encode(text);
        var failed = new Verdict(RuntimeError, Problem.PublicTests[0], "", error, TimeSpan.Zero);
        return new RltfReward(RltfFeedback.Fine, Letters).Score(Of(null, Turn(new Judgement([failed], 1), text) with { Response = ids, LogProbs = new float[ids.Length] })).Tokens;
    }
}
