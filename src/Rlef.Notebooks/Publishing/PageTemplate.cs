using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace Rlef.Notebooks.Publishing;

/// <summary>
/// The frame of every page. Its content policy forbids all requests, so that a page shows what it carries, and every script but the
/// page's own, known by their hashes: what a notebook brings along cannot run.
/// </summary>
internal static class PageTemplate
{
    private static readonly string Style = Resource("report.css");
    private static readonly string Script = Resource("report.js");

    public static string Html(string title, string body, string? plotly)
    {
        string[] scripts = plotly is null ? [Script] : [Lines(plotly), Script];
        var allowed = string.Join(' ', scripts.Select(script => $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(script)))}'"));
        return $"""
            <!doctype html>
            <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
            <meta http-equiv="Content-Security-Policy"
                content="default-src 'none'; style-src 'unsafe-inline'; script-src {allowed}; img-src data: blob:; font-src data:; form-action 'none'; base-uri 'none'">
            <title>{WebUtility.HtmlEncode(title)}</title><link rel="icon" href="data:,"><style>{Style}</style></head>
            <body><a class="skip" href="#main">Skip to content</a>
            {body}
            {string.Join('\n', scripts.Select(script => $"<script>{script}</script>"))}
            </body></html>

            """;
    }

    /// <summary>A page with its headings in a column beside it.</summary>
    /// <param name="headings">Those of the body, to be linked.</param>
    /// <param name="home">The page that this one is reached from, and its title; null for a page that stands alone.</param>
    /// <param name="control">What stands under the links, as HTML.</param>
    public static string WithContents(
        string title, IEnumerable<(int Level, string Id, string Text)> headings, string body, string? plotly, (string Url, string Title)? home = null, string control = "")
    {
        var contents = string.Concat(headings.Where(heading => heading.Level <= 3)
            .Select(heading => $"<li class=\"h{heading.Level}\"><a href=\"#{heading.Id}\">{WebUtility.HtmlEncode(heading.Text)}</a></li>"));
        var back = home is var (url, name) ? $"<a href=\"{url}\">← {WebUtility.HtmlEncode(name)}</a>" : "";
        return Html(title,
            $"""
            <div class="page">
            <nav class="toc" aria-label="Contents">{back}<ol>{contents}</ol>{control}</nav>
            <main id="main">{body}
            </main></div>
            """, plotly);
    }

    public static string Resource(string name)
    {
        using var reader = new StreamReader(typeof(PageTemplate).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The resource {name} is missing from the library."));
        return Lines(reader.ReadToEnd());
    }

    // A browser reads every line end as a line feed before it hashes.
    private static string Lines(string text) => text.ReplaceLineEndings("\n");
}
