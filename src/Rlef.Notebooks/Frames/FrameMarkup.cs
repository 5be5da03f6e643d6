using Microsoft.Data.Analysis;

namespace Rlef.Notebooks;

/// <summary>A data frame to read: its first rows with their numbers, and how many there are.</summary>
static class FrameMarkup
{
    const int MostRows = 500, MostTextRows = 25;

    public static string Html(DataFrame frame)
    {
        var columns = frame.Columns.Select(column => (column.Name, column.IsNumericColumn())).Prepend(("", true));
        return TableMarkup.Html(null, [.. columns], Rows(frame, MostRows), first: 0, note: Size(frame, MostRows));
    }

    /// <remarks>The frame's own text does not keep a wide value to its column.</remarks>
    public static string PlainText(DataFrame frame)
    {
        var table = new Table(null, ["", .. frame.Columns.Select(column => column.Name)]);
        foreach (var row in Rows(frame, MostTextRows)) table.Add([.. row]);
        return $"{table.ToPlainText()}{Size(frame, MostTextRows)}\n";
    }

    static IReadOnlyList<IReadOnlyList<object?>> Rows(DataFrame frame, int most) =>
        [.. Enumerable.Range(0, (int)Math.Min(frame.Rows.Count, most)).Select(row => (IReadOnlyList<object?>)[$"{row}", .. frame.Columns.Select(column => column[row])])];

    static string Size(DataFrame frame, int most)
    {
        var size = $"{Count(frame.Rows.Count, "row")}, {Count(frame.Columns.Count, "column")}";
        return frame.Rows.Count > most ? $"{size}; the first {most} are shown" : size;
    }

    static string Count(long number, string noun) => $"{number} {noun}{(number == 1 ? "" : "s")}";
}
