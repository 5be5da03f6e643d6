using Rlef.Notebooks.Publishing;

namespace Rlef.Notebooks.Tests.Publishing;

public sealed class AnsiTextTests
{
    [Theory]
    [InlineData("a\u001b[1;32mb\u001b[0mc", "a<span class=\"ansi-fg-2 ansi-bold\">b</span>c")]
    [InlineData("\u001b[91;44m<\u001b[39m>\u001b[m.", "<span class=\"ansi-fg-9 ansi-bg-4\">&lt;</span><span class=\"ansi-bg-4\">&gt;</span>.")]
    [InlineData("\u001b[38;5;208mx\u001b[38;2;1;2;300my", "<span style=\"color:#ff8700\">x</span><span style=\"color:#0102ff\">y</span>")]
    [InlineData("\u001b[38;5;12mx\u001b[48;5;255my", "<span class=\"ansi-fg-12\">x</span><span class=\"ansi-fg-12\" style=\"background-color:#eeeeee\">y</span>")]
    [InlineData("\u001b[3;4;7mx\u001b[23;24;27my\u001b[38;5mz", "<span class=\"ansi-italic ansi-underline ansi-reverse\">x</span>yz")]
    [InlineData("\u001b[2K\u001b[?25la\u001b]0;title\u0007b\u001b(Bc\u0008", "abc")]
    public void Colours_stay_and_other_sequences_go(string text, string html) => Assert.Equal(html, new AnsiText().Html(AnsiText.Clean(text)));

    [Theory]
    [InlineData("10 %\r50 %\r100 %\ndone\r\n", "100 %\ndone\n")]
    [InlineData("loading\r", "loading")]
    public void What_was_written_over_is_gone(string text, string html) => Assert.Equal(html, AnsiText.Clean(text));

    [Fact]
    public void A_display_that_was_emptied_is_nothing() => Assert.Equal("", TextMarkup.Html("\u001b[2K\n", "class=\"x\""));

    [Fact]
    public void Long_text_folds_and_its_colour_goes_on_in_the_fold()
    {
        Assert.DoesNotContain("<details", TextMarkup.Html(string.Concat(Enumerable.Range(1, 40).Select(i => $"{i}\n")), "class=\"x\""), StringComparison.Ordinal);
        var html = TextMarkup.Html("\u001b[31m" + string.Concat(Enumerable.Range(1, 100).Select(i => $"{i}\n")), "class=\"x\"");
        Assert.Contains("\n30</span></pre><details class=\"more\"><summary>70 more lines</summary><pre class=\"x\"><span class=\"ansi-fg-1\">31\n", html, StringComparison.Ordinal);
    }
}
