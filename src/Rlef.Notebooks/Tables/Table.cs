using System.Globalization;
using System.Numerics;
using System.Text;
using Microsoft.DotNet.Interactive.Formatting;

namespace Rlef.Notebooks;

/// <summary>A small table to read: HTML in a notebook or report, Markdown or aligned text elsewhere.</summary>
[TypeFormatterSource(typeof(DisplayFormatters), PreferredMimeTypes = ["text/html", "text/plain"])]
public sealed class Table(string? caption, params string[] columns) : IDisplayable
{
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

    public string ToHtml() => ToHtml(note: null);

    /// <param name="note">A line below the table, null for none.</param>
    internal string ToHtml(string? note) => TableMarkup.Html(Caption, [.. Columns.Select((name, i) => (name, IsNumeric(i)))], _rows, note: note);

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
        Line([.. Columns.Select(Cell)]);
        Line([.. Columns.Select((_, i) => IsNumeric(i) ? "--:" : "---")]);
        foreach (var row in _rows) Line([.. row.Select(cell => Cell(Text(cell)))]);
        return text.ToString();

        // A row is a line.
        static string Cell(string cell) => cell.Replace("|", "\\|", StringComparison.Ordinal).ReplaceLineEndings("<br>");

        void Line(IReadOnlyList<string> cells) => text.Append($"| {string.Join(" | ", cells)} |\n");
    }

    public override string ToString() => ToPlainText();

    private bool IsNumeric(int column) => _rows.Count > 0 && _rows.TrueForAll(row => row[column] is null || IsNumber(row[column]!));

    private static bool IsNumber(object cell) =>
        cell is Estimate or Half or BigInteger or Int128 or UInt128 || cell is not Enum && Type.GetTypeCode(cell.GetType()) is >= TypeCode.SByte and <= TypeCode.Decimal;

    internal static string Text(object? cell) => cell switch
    {
        null => "",
        // Four decimals, and four digits of what those would hide or drown.
        float or double => ((IFormattable)cell).ToString(Math.Abs(Convert.ToDouble(cell, CultureInfo.InvariantCulture)) is > 0 and < 1e-3 or >= 1e12
            ? "0.###E+00" : "0.####", CultureInfo.InvariantCulture),
        IFormattable value => value.ToString(null, CultureInfo.InvariantCulture),
        _ => cell.ToString() ?? "",
    };
}
