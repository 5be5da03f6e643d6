using System.Globalization;
using System.Net;
using System.Text;
using Microsoft.DotNet.Interactive.Formatting;

namespace Rlef.Notebooks;

/// <summary>A small table to read: HTML in a notebook or report, Markdown or aligned text elsewhere.</summary>
[TypeFormatterSource(typeof(DisplayFormatters), PreferredMimeTypes = ["text/html", "text/plain"])]
public sealed class Table(string? caption, params string[] columns) : IDisplayable
{
    internal const string Style = """
        .rlef-table{border-collapse:collapse;margin:.5em 0;font:14px/1.5 system-ui,sans-serif}.rlef-table caption{caption-side:top;text-align:left;font-weight:600;padding:.2em 0}
        .rlef-table th,.rlef-table td{padding:.25em .8em;border-bottom:1px solid rgba(128,128,128,.35);text-align:left}.rlef-table thead th{border-bottom-width:2px}
        .rlef-table .num{text-align:right;font-variant-numeric:tabular-nums}
        """;

    private readonly List<object?[]> _rows = [];

    /// <summary>What the table says, shown above it.</summary>
    public string? Caption { get; } = caption;

    public IReadOnlyList<string> Columns { get; } = columns;

    public IReadOnlyList<IReadOnlyList<object?>> Rows => _rows;

    /// <summary>Appends a row: strings, numbers, <see cref="Estimate"/>s, null for an empty cell.</summary>
    /// <exception cref="ArgumentException">The row has not one cell a column.</exception>
    public Table Add(params object?[] cells)
    {
        if (cells.Length != Columns.Count)
            throw new ArgumentException($"The table has {Columns.Count} columns, the row {cells.Length} cells.", nameof(cells));
        _rows.Add(cells);
        return this;
    }

    public string ToHtml()
    {
        var html = new StringBuilder($"<style>{Style}</style><table class=\"rlef-table\">");
        if (Caption is not null) html.Append($"<caption>{Encode(Caption)}</caption>");
        html.Append("<thead><tr>");
        for (var i = 0; i < Columns.Count; i++) html.Append($"<th scope=\"col\"{Alignment(i)}>{Encode(Columns[i])}</th>");
        html.Append("</tr></thead><tbody>");
        foreach (var row in _rows)
        {
            html.Append("<tr>");
            for (var i = 0; i < row.Length; i++)
                html.Append(i == 0 && row[i] is string head ? $"<th scope=\"row\">{Encode(head)}</th>" : $"<td{Alignment(i)}>{Encode(Text(row[i]))}</td>");
            html.Append("</tr>");
        }
        return html.Append("</tbody></table>").ToString();
    }

    public string ToPlainText()
    {
        var widths = Enumerable.Range(0, Columns.Count).Select(i => _rows.Select(row => Text(row[i]).Length).Append(Columns[i].Length).Max()).ToArray();
        var text = new StringBuilder();
        if (Caption is not null) text.Append(Caption).Append('\n');
        Line(Columns);
        text.Append(string.Join("  ", widths.Select(width => new string('-', width)))).Append('\n');
        foreach (var row in _rows) Line([.. row.Select(Text)]);
        return text.ToString();

        void Line(IReadOnlyList<string> cells) => text.Append(
            string.Join("  ", cells.Select((cell, i) => IsNumeric(i) ? cell.PadLeft(widths[i]) : cell.PadRight(widths[i]))).TrimEnd()).Append('\n');
    }

    /// <summary>The table in GitHub's Markdown.</summary>
    public string ToMarkdown()
    {
        var text = new StringBuilder();
        if (Caption is not null) text.Append($"**{Caption}**\n\n");
        Line(Columns);
        Line([.. Columns.Select((_, i) => IsNumeric(i) ? "--:" : "---")]);
        foreach (var row in _rows) Line([.. row.Select(cell => Text(cell).Replace("|", "\\|", StringComparison.Ordinal))]);
        return text.ToString();

        void Line(IReadOnlyList<string> cells) => text.Append($"| {string.Join(" | ", cells)} |\n");
    }

    public override string ToString() => ToPlainText();

    private string Alignment(int column) => IsNumeric(column) ? " class=\"num\"" : "";

    private bool IsNumeric(int column) => _rows.Count > 0 && _rows.TrueForAll(row => row[column] is null or Estimate or int or long or float or double or decimal);

    internal static string Text(object? cell) => cell switch
    {
        null => "",
        float or double => ((IFormattable)cell).ToString("0.####", CultureInfo.InvariantCulture),
        IFormattable value => value.ToString(null, CultureInfo.InvariantCulture),
        _ => cell.ToString() ?? "",
    };

    private static string Encode(string text) => WebUtility.HtmlEncode(text);
}
