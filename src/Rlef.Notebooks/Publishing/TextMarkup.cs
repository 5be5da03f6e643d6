using System.Text;

namespace Rlef.Notebooks.Publishing;

/// <summary>Printed text as HTML: with its terminal colours, and folded where it is long.</summary>
internal static class TextMarkup
{
    /// <summary>Lines of an output that stay open.</summary>
    public const int OpenLines = 30;

    // A fold for the sake of a few lines hides more than it saves.
    private const int Slack = 10;

    /// <param name="attributes">Of the <c>pre</c> elements, for instance a class.</param>
    public static string Html(string text, string attributes)
    {
        text = AnsiText.Clean(text).TrimEnd('\n');
        if (text.Length == 0) return "";
        var terminal = new AnsiText();
        var lines = text.Count(character => character == '\n') + 1;
        if (lines <= OpenLines + Slack) return $"<pre {attributes}>{terminal.Html(text)}</pre>";
        var cut = -1;
        for (var i = 0; i < OpenLines; i++) cut = text.IndexOf('\n', cut + 1);
        var html = new StringBuilder($"<div class=\"long\"><pre {attributes}>{terminal.Html(text[..cut])}</pre>");
        html.Append($"<details class=\"more\"><summary>{lines - OpenLines} more lines</summary><pre {attributes}>{terminal.Html(text[(cut + 1)..])}</pre></details></div>");
        return html.ToString();
    }
}
