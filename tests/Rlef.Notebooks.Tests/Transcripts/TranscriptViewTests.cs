using Rlef.Execution;
using Rlef.Notebooks.Engine;

namespace Rlef.Notebooks.Tests.Transcripts;

public sealed class TranscriptViewTests
{
    private static readonly TranscriptView Dialogue = new("Problem 7 <x>",
    [
        new("user", "Print the sum of a < b."),
        new("assistant", "Here:\n```python\nprint(a if a < b else b)\n```\nDone.", new VerdictBadge("public", VerdictKind.WrongAnswer, 1, 3)),
        new("assistant", "```python\nprint(1)", new VerdictBadge("public", VerdictKind.Accepted, 3, 3), new VerdictBadge("private", VerdictKind.Accepted, 9, 9)),
    ], "solved in 2 turns");

    [Fact]
    public void Html_escapes_the_programs_text_and_marks_verdicts_without_colour_too()
    {
        var html = MimeBundle.Of(Dialogue).Data["text/html"].ToString();
        Assert.Contains("<h4>Problem 7 &lt;x&gt;</h4>", html, StringComparison.Ordinal);
        Assert.Contains("<p>Here:</p><pre><code>print(a if a &lt; b else b)</code></pre><p>Done.</p>", html, StringComparison.Ordinal);
        Assert.Contains("<span class=\"badge bad\">✗ public: WrongAnswer, 1 of 3</span>", html, StringComparison.Ordinal);
        Assert.Contains("<span class=\"badge ok\">✓ private: Accepted, 9 of 9</span>", html, StringComparison.Ordinal);
    }

    [Fact]
    public void A_block_that_was_cut_is_still_code() =>
        Assert.Contains("<pre><code>print(1)</code></pre>", Dialogue.ToHtml(), StringComparison.Ordinal);

    [Fact]
    public void Blocks_are_those_that_programs_are_found_in()
    {
        var html = new TranscriptView("x", [new("assistant", "1. Use `a` as in\n   ~~~python\n   print(\"```\")\n   ~~~\n   and be done.")]).ToHtml();
        Assert.Contains("<p>1. Use `a` as in</p><pre><code>print(&quot;```&quot;)</code></pre><p>and be done.</p>", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Plain_text_keeps_everything_readable()
    {
        var text = Dialogue.ToPlainText();
        Assert.StartsWith("Problem 7 <x>\nsolved in 2 turns\n\n[user]\nPrint the sum of a < b.\n", text, StringComparison.Ordinal);
        Assert.Contains("(✗ public: WrongAnswer, 1 of 3)", text, StringComparison.Ordinal);
    }
}
