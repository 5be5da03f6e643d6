using Rlef.Dialogue;
using Rlef.Execution;
using Rlef.Problems;

namespace Rlef.Core.Tests.Dialogue;

public sealed class FeedbackMessageTests
{
    static readonly TestCase Test = new("1 2\n", "3\n");

    static Verdict Of(VerdictKind kind, string output = "", ProgramError? error = null) => new(kind, Test, output, error, TimeSpan.Zero);

    // Each of them holds the next one twice: 2^40 mentions.
    [Fact]
    public void What_is_mentioned_again_and_again_does_not_fill_the_memory()
    {
        var rows = string.Join(", ", Enumerable.Range(0, 40).Select(i => $"[{i}, \"Node\", [[\"l\", {{\"__object__\": {i + 1}}}], [\"r\", {{\"__object__\": {i + 1}}}]]]"));
        var shown = PythonValue.Show($"{{\"__graph__\": [{{\"__object__\": 0}}, [{rows}, [40, \"Node\", []]]]}}");
        Assert.StartsWith("Node(l=Node(l=Node(", shown, StringComparison.Ordinal);
        Assert.InRange(shown.Length, 1 << 16, 1 << 17);
    }

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
            """, FeedbackMessage.Compose(DialogueWording.CodeContests, Episodes.Problem, judgement));
    }

    [Fact]
    public void A_response_without_code_is_told_so() =>
        Assert.Equal("Your answer has no Python code block.\nGive it another try.", FeedbackMessage.Compose(DialogueWording.Nano, Episodes.Problem, null));

    [Fact]
    public void A_flood_is_cut_at_both_ends_of_its_middle()
    {
        var judgement = new Judgement([Of(VerdictKind.WrongAnswer, new string('a', 500) + "end")], 1);
        var text = FeedbackMessage.Compose(DialogueWording.Nano, Episodes.Problem, judgement);
        Assert.InRange(text.Length, 0, 300);
        Assert.Contains("aend'", text);
    }

    [Theory]
    [InlineData("[{\"__tuple__\": [3, 4]}, null, true]", "[(3, 4), None, True]")]
    [InlineData("{\"__set__\": [2, 3]}", "{2, 3}")]
    [InlineData("{\"__set__\": []}", "set()")]
    [InlineData("{\"__tuple__\": [1]}", "(1,)")]
    [InlineData("{\"__dict__\": [[1, {\"__float__\": \"inf\"}], [{\"__tuple__\": []}, \"it's\"]]}", "{1: inf, (): \"it's\"}")]
    [InlineData("{\"a\": [\"b\\n\", 1.5], \"__init__\": 1}", "{'a': ['b\\n', 1.5], '__init__': 1}")]
    [InlineData("{\"__complex__\": [0.0, 2.0]}", "complex(0.0, 2.0)")]
    [InlineData("{\"__bytes__\": \"a\\u00ff\"}", "b'a\\xff'")]
    [InlineData("{\"__deque__\": [1]}", "deque([1])")]
    [InlineData("{\"__range__\": [3, 0, 2]}", "range(0, 6, 2)")]
    [InlineData("{\"__time__\": [\"timedelta\", 1, 2, 3]}", "timedelta(1, 2, 3)")]
    [InlineData("{\"__opaque__\": \"Node\"}", "<Node>")]
    [InlineData("[{\"__fraction__\": [1, 3]}, {\"__decimal__\": [\"0.1\", 1, 10]}]", "[Fraction(1, 3), Decimal('0.1')]")]
    [InlineData("[{\"__int__\": \"0x100\"}, {\"__int__\": \"-0x1\"}]", "[256, -1]")]
    [InlineData("{\"__graph__\": [[{\"__object__\": 0}, {\"__object__\": 0}], [[0, \"Node\", [[\"val\", 5], [\"next\", {\"__object__\": 1}]]], [1, \"Node\", [[\"val\", \"x\"], [\"next\", {\"__object__\": 0}]]]]]}",
        "[Node(val=5, next=Node(val='x', next=...)), Node(val=5, next=Node(val='x', next=...))]")]
    [InlineData("{\"__graph__\": [{\"__object__\": 0}, []]}", "{\"__graph__\": [{\"__object__\": 0}, []]}")]
    // The beginning of a value, and what no honest worker writes.
    [InlineData("[1, 2", "[1, 2")]
    [InlineData("{\"__dict__\": [[1]]}", "{\"__dict__\": [[1]]}")]
    public void Values_are_told_as_Python_writes_them(string encoded, string literal)
    {
        Assert.Equal(literal, PythonValue.Show(encoded));
        var judgement = new Judgement([new(VerdictKind.WrongAnswer, new("[null]", "{\"__tuple__\": [true]}"), encoded, null, TimeSpan.Zero)], 1);
        Assert.Contains($"- input '[None]' failed: Expected output '(True,)' but got '{literal}'\n", FeedbackMessage.Compose(DialogueWording.Functions, Episodes.Problem with { EntryPoint = "f" }, judgement), StringComparison.Ordinal);
    }

    [Fact]
    public void Outputs_that_differ_are_shown_where_they_do()
    {
        var wording = DialogueWording.Nano;
        string Told(string expected, string observed) => FeedbackMessage.Compose(wording, Episodes.Problem, new Judgement([new(VerdictKind.WrongAnswer, new("1", expected), observed, null, TimeSpan.Zero)], 1));
        Assert.Contains(@"Expected output '1\n' but got '1 '", Told("1\n", "1 "), StringComparison.Ordinal);
        var (a, b) = (new string('a', 99), new string('b', 99));
        Assert.Contains("x" + b[..9], Told($"{a}x{b}", $"{a}y{b}"), StringComparison.Ordinal);
        // No character of two halves is parted.
        var text = Told("1", string.Concat(Enumerable.Repeat("😀", 100)) + "x") + Told("1", "x" + string.Concat(Enumerable.Repeat("😀", 100)));
        Assert.Equal(text, System.Text.Encoding.UTF8.GetString(System.Text.Encoding.UTF8.GetBytes(text)));
    }

    [Fact]
    public void A_failure_of_the_sandbox_is_no_feedback() =>
        Assert.Throws<ArgumentException>(() => FeedbackMessage.Compose(DialogueWording.Nano, Episodes.Problem, new Judgement([Of(VerdictKind.InfrastructureError)], 1)));

    [Fact]
    public void What_a_program_prints_is_no_place_to_fill_in()
    {
        var judgement = new Judgement([new(VerdictKind.WrongAnswer, new("1\n", "{observed} x\n"), "{expected}\n", null, TimeSpan.Zero)], 1);
        Assert.Contains("Expected output '{observed} x' but got '{expected}'", FeedbackMessage.Compose(DialogueWording.Nano, Episodes.Problem, judgement), StringComparison.Ordinal);
    }
}
