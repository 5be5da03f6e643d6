using System.Net;
using System.Text;
using Microsoft.Data.Analysis;

namespace Rlef.Notebooks;

/// <summary>A data frame as HTML: its first rows, and the next ones page by page in folds that open without a script.</summary>
static class FrameMarkup
{
    const int PageRows = 25, MostRows = 500;

    public static string Html(DataFrame frame)
    {
        var numeric = frame.Columns.Select(c => c.IsNumericColumn()).ToArray();
        var shown = Math.Min(frame.Rows.Count, MostRows);
        var html = new StringBuilder($"<style>{Table.Style}</style>");
        Page(0);
        for (var start = PageRows; start < shown; start += PageRows)
        {
            html.Append($"<details><summary>rows {start}–{Math.Min(start + PageRows, shown) - 1}</summary>");
            Page(start);
            html.Append("</details>");
        }
        html.Append($"<p>{frame.Rows.Count} rows, {frame.Columns.Count} columns");
        return html.Append(shown < frame.Rows.Count ? $"; the first {shown} are shown</p>" : "</p>").ToString();

        void Page(long start)
        {
            html.Append("<table class=\"rlef-table\"><thead><tr><th class=\"num\" scope=\"col\"></th>");
            for (var i = 0; i < frame.Columns.Count; i++)
                html.Append($"<th scope=\"col\"{Alignment(i)}>{Encode(frame.Columns[i].Name)}</th>");
            html.Append("</tr></thead><tbody>");
            for (var row = start; row < Math.Min(start + PageRows, shown); row++)
            {
                html.Append($"<tr><th class=\"num\" scope=\"row\">{row}</th>");
                for (var i = 0; i < frame.Columns.Count; i++)
                    html.Append($"<td{Alignment(i)}>{Encode(Table.Text(frame[row, i]))}</td>");
                html.Append("</tr>");
            }
            html.Append("</tbody></table>");
        }

        string Alignment(int column) => numeric[column] ? " class=\"num\"" : "";
    }

    static string Encode(string text) => WebUtility.HtmlEncode(text);
}
