using System.Net;

namespace Rlef.Notebooks.Publishing;

/// <summary>The frame of every page. Its content policy forbids all requests: what a page shows it carries.</summary>
internal static class PageTemplate
{
    private static readonly string Style = Resource("report.css");
    private static readonly string Script = Resource("report.js");

    public static string Html(string title, string body, string? plotly) =>
        $"""
        <!doctype html>
        <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data: blob:; font-src data:">
        <title>{WebUtility.HtmlEncode(title)}</title><link rel="icon" href="data:,"><style>{Style}</style></head>
        <body><a class="skip" href="#main">Skip to content</a>
        {body}
        {(plotly is null ? "" : $"<script>{plotly}</script>")}
        <script>{Script}</script></body></html>

        """;

    public static string Resource(string name)
    {
        using var reader = new StreamReader(typeof(PageTemplate).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The resource {name} is missing from the library."));
        return reader.ReadToEnd();
    }
}
