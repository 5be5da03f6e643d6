using System.Globalization;
using System.Net;
using System.Text;

namespace Rlef.Notebooks;

/// <summary>Rows and columns as HTML: the first rows, and the next ones page by page in folds that open without a script.</summary>
internal static class TableMarkup
{
    private const int PageRows = 25;

    // Numbers and intervals keep to one line; a table that is wider than its place scrolls in its own box.
    private const string Style = """
        .rlef-scroll{overflow-x:auto}.rlef-table{border-collapse:collapse;margin:.5em 0;font:14px/1.5 system-ui,sans-serif}
        .rlef-table caption{caption-side:top;text-align:left;font-weight:600;padding:.2em 0}
        .rlef-table th,.rlef-table td{padding:.25em .8em;border-bottom:1px solid rgba(128,128,128,.35);text-align:left;vertical-align:top;overflow-wrap:break-word}
        .rlef-table thead th{border-bottom-width:2px;vertical-align:bottom}
        .rlef-table .num{text-align:right;font-variant-numeric:tabular-nums}.rlef-table tbody .num{white-space:nowrap}.rlef-table .text{min-width:6em;max-width:36em;white-space:pre-wrap}
        """;

    /// <param name="caption">What stands above the table, null for nothing.</param>
    /// <param name="columns">Each column's name, and whether it holds numbers.</param>
    /// <param name="rows">One cell a column; text in the first column is the row's name.</param>
    /// <param name="first">The number of the first row, as the folds' summaries count.</param>
    /// <param name="note">A line below, null for none.</param>
    public static string Html(
        string? caption, IReadOnlyList<(string Name, bool Numeric)> columns, IReadOnlyList<IReadOnlyList<object?>> rows, int first = 1, string? note = null)
    {
        var html = new StringBuilder($"<style>{Style}</style>");
        Page(0, caption);
        for (var start = PageRows; start < rows.Count; start += PageRows)
        {
            html.Append(CultureInfo.InvariantCulture, $"<details><summary>rows {start + first}–{Math.Min(start + PageRows, rows.Count) - 1 + first}</summary>");
            Page(start, null);
            html.Append("</details>");
        }
        if (note is not null) html.Append($"<p>{Encode(note)}</p>");
        return html.ToString();

        void Page(int start, string? above)
        {
            html.Append("<div class=\"rlef-scroll\"><table class=\"rlef-table\">");
            if (above is not null) html.Append($"<caption>{Encode(above)}</caption>");
            html.Append("<thead><tr>");
            foreach (var (name, numeric) in columns) html.Append($"<th scope=\"col\"{(numeric ? " class=\"num\"" : "")}>{Encode(name)}</th>");
            html.Append("</tr></thead><tbody>");
            foreach (var row in rows.Skip(start).Take(PageRows))
            {
                html.Append("<tr>");
                for (var i = 0; i < row.Count; i++)
                {
                    var style = columns[i].Numeric ? "num" : "text";
                    html.Append(i == 0 && row[i] is string head ? $"<th class=\"{style}\" scope=\"row\">{Encode(head)}</th>" : $"<td class=\"{style}\">{Encode(Table.Text(row[i]))}</td>");
                }
                html.Append("</tr>");
            }
            html.Append("</tbody></table></div>");
        }
    }

    private static string Encode(string text) => WebUtility.HtmlEncode(text);
}
