using Rlef.Dialogue;
using Rlef.Execution;
using Rlef.Problems;

namespace Rlef.Core.Tests.Dialogue;

public sealed class FeedbackMessageTests
{
    static readonly TestCase Test = new("1 2\n", "3\n");

    static Verdict Of(VerdictKind kind, string output = "", ProgramError? error = null) => new(kind, Test, output, error, TimeSpan.Zero);

    [Fact]
    public void The_papers_wording_lists_failing_tests_only_in_its_four_forms()
    {
        var judgement = new Judgement([
            Of(VerdictKind.Accepted, "3\n"),
            Of(VerdictKind.WrongAnswer, "4\n"),
            Of(VerdictKind.RuntimeError, "", new("ValueError", "no", 1, "Traceback (most recent call last):\n  …\nValueError: no")),
            Of(VerdictKind.TimeLimit),
            Of(VerdictKind.MemoryLimit),
        ], 5);
        Assert.Equal("""
            Your code failed the following tests:
            - input '1 2' failed: Expected output '3' but got '4'
            - input '1 2' failed: Traceback (most recent call last):
              …
            ValueError: no
            - input '1 2' failed: Execution took too long.
            - input '1 2' failed: Out of memory.
            Give it another try.
            Your code should be enclosed in triple backticks like so: ```python YOUR CODE HERE ```.
            Use the backticks for your code only.
            """, FeedbackMessage.Compose(DialogueWording.CodeContests, judgement));
    }

    [Fact]
    public void A_response_without_code_is_told_so() =>
        Assert.Equal("Your answer has no Python code block.\nGive it another try.", FeedbackMessage.Compose(DialogueWording.Nano, null));

    [Fact]
    public void A_flood_is_cut_at_both_ends_of_its_middle()
    {
        var judgement = new Judgement([Of(VerdictKind.WrongAnswer, new string('a', 500) + "end")], 1);
        var text = FeedbackMessage.Compose(DialogueWording.Nano, judgement);
        Assert.InRange(text.Length, 0, 300);
        Assert.Contains("aend'", text);
    }

    [Fact]
    public void A_failure_of_the_sandbox_is_no_feedback() =>
        Assert.Throws<ArgumentException>(() => FeedbackMessage.Compose(DialogueWording.Nano, new Judgement([Of(VerdictKind.InfrastructureError)], 1)));

    [Fact]
    public void What_a_program_prints_is_no_place_to_fill_in()
    {
        var judgement = new Judgement([new(VerdictKind.WrongAnswer, new("1\n", "{observed} x\n"), "{expected}\n", null, TimeSpan.Zero)], 1);
        Assert.Contains("Expected output '{observed} x' but got '{expected}'", FeedbackMessage.Compose(DialogueWording.Nano, judgement), StringComparison.Ordinal);
    }
}
