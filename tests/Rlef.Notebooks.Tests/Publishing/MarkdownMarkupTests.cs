using Rlef.Notebooks.Publishing;

namespace Rlef.Notebooks.Tests.Publishing;

public sealed class MarkdownMarkupTests
{
    private static string Html(string markdown) => new MarkdownMarkup(Path.GetTempPath(), url => url).Html(markdown);

    [Theory]
    [InlineData("<script>alert(1)</script>")]
    [InlineData("<img src=x onerror=alert(1)>")]
    [InlineData("<a href=\"javascript:alert(1)\">a</a>")]
    [InlineData("[a](javascript:alert(1))")]
    [InlineData("[a](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)")]
    [InlineData("<svg onload=alert(1)><script>alert(1)</script></svg>")]
    [InlineData("<iframe srcdoc=\"<script>alert(1)</script>\"></iframe>")]
    [InlineData("<form action=\"https://example.org\"><button formaction=\"javascript:alert(1)\">b</button></form>")]
    [InlineData("<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror=alert(1)&gt;\">")]
    [InlineData("<meta http-equiv=refresh content=\"0;url=javascript:alert(1)\"><base href=\"https://example.org\"><style>@import url(https://example.org)</style>")]
    public void Raw_html_keeps_nothing_that_runs_or_loads(string markdown)
    {
        var html = Html("text and\n\n" + markdown);
        Assert.DoesNotMatch("(?i)<(script|iframe|svg|form|button|style|meta|base|math)|<[^>]+ on[a-z]+=|href=\"(javascript|data)|srcdoc", html);
        Assert.Contains("text and", html, StringComparison.Ordinal);
    }

    [Fact]
    public void What_markdown_is_for_stays()
    {
        var html = Html("""
            <details open><summary>More</summary>

            - [x] done
            - [ ] open

            </details>

            | a | b |
            |--:|---|
            | 1 | [m](mailto:a@example.org) |

            H<sub>2</sub>O, <kbd>Ctrl</kbd>, $x_1$, ~~gone~~, a note[^1].

            [^1]: The note.
            """);
        foreach (var part in new[]
        {
            "<details open", "<summary>More</summary>", "type=\"checkbox\"", "checked", "<table>", "text-align: right", "href=\"mailto:a@example.org\"",
            "H<sub>2</sub>O", "<kbd>", "<span class=\"math\">x<sub>1</sub></span>", "<del>gone</del>", "href=\"#fn:1\"", "id=\"fn:1\"",
        }) Assert.Contains(part, html, StringComparison.Ordinal);
    }
}
