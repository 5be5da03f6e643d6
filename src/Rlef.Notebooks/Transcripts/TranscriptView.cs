using System.Net;
using System.Text;
using Microsoft.DotNet.Interactive.Formatting;
using Rlef.Dialogue;
using Rlef.Execution;

namespace Rlef.Notebooks;

/// <summary>A dialogue as a chat: who said what, the programs as code, the verdicts as badges.</summary>
/// <param name="Note">A line under the title, for instance whether the problem was solved.</param>
[TypeFormatterSource(typeof(DisplayFormatters), PreferredMimeTypes = ["text/html", "text/plain"])]
public sealed record TranscriptView(string Title, IReadOnlyList<TranscriptMessage> Messages, string? Note = null) : IDisplayable
{
    private const string Style = """
        .rlef-chat{max-width:56rem;font:14px/1.5 system-ui,sans-serif}
        .rlef-chat h4{margin:.2em 0}.rlef-chat .note{margin:0 0 .6em;opacity:.75}
        .rlef-chat .msg{margin:.5em 0;padding:.5em .9em;border-radius:.6em;border:1px solid rgba(128,128,128,.35);overflow-wrap:anywhere}
        .rlef-chat .assistant{margin-left:2.5rem;background:rgba(0,114,178,.09)}.rlef-chat .user{margin-right:2.5rem;background:rgba(128,128,128,.09)}
        .rlef-chat .role{font-size:.78em;letter-spacing:.04em;text-transform:uppercase;opacity:.7}
        .rlef-chat p{margin:.35em 0;white-space:pre-wrap}
        .rlef-chat pre{margin:.4em 0;padding:.6em .8em;border-radius:.4em;overflow:auto;background:rgba(128,128,128,.13);font:12.5px/1.45 ui-monospace,monospace}
        .rlef-chat .badge{display:inline-block;margin:.3em .4em 0 0;padding:.05em .6em;border-radius:1em;font-size:.82em;border:1px solid currentColor}
        .rlef-chat .ok{color:#00795a}.rlef-chat .bad{color:#b34700}.rlef-chat .none{color:#777}
        """;

    public string ToHtml()
    {
        var html = new StringBuilder($"<section class=\"rlef-chat\"><style>{Style}</style><h4>{Encode(Title)}</h4>");
        if (Note is not null) html.Append($"<p class=\"note\">{Encode(Note)}</p>");
        foreach (var message in Messages)
        {
            html.Append($"<div class=\"msg {RoleClass(message.Role)}\"><span class=\"role\">{Encode(message.Role)}</span>");
            AppendText(html, message.Text);
            foreach (var badge in message.Badges)
                html.Append($"<span class=\"badge {BadgeClass(badge.Kind)}\">{Mark(badge.Kind)} {Encode(Label(badge))}</span>");
            html.Append("</div>");
        }
        return html.Append("</section>").ToString();
    }

    public string ToPlainText()
    {
        var text = new StringBuilder(Title).Append('\n');
        if (Note is not null) text.Append(Note).Append('\n');
        foreach (var message in Messages)
        {
            text.Append($"\n[{message.Role}]\n{message.Text.TrimEnd()}\n");
            foreach (var badge in message.Badges) text.Append($"({Mark(badge.Kind)} {Label(badge)})\n");
        }
        return text.ToString();
    }

    private static void AppendText(StringBuilder html, string text)
    {
        foreach (var part in TextPart.Of(text))
            if (part.IsCode) html.Append($"<pre><code>{Encode(part.Text.TrimEnd('\r', '\n'))}</code></pre>");
            else if (part.Text.Trim() is { Length: > 0 } prose) html.Append($"<p>{Encode(prose)}</p>");
    }

    private static string Label(VerdictBadge badge) => $"{badge.Tests}: {badge.Kind?.ToString() ?? "no program"}" + (badge.Total > 0 ? $", {badge.Passed} of {badge.Total}" : "");

    // The mark says without colour what the colour says.
    private static string Mark(VerdictKind? kind) => kind switch
    {
        VerdictKind.Accepted => "✓",
        VerdictKind.InfrastructureError => "–",
        _ => "✗",
    };

    private static string BadgeClass(VerdictKind? kind) => kind switch
    {
        VerdictKind.Accepted => "ok",
        VerdictKind.InfrastructureError => "none",
        _ => "bad",
    };

    private static string RoleClass(string role) => role == "assistant" ? "assistant" : "user";

    private static string Encode(string text) => WebUtility.HtmlEncode(text);
}
