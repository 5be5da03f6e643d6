using System.Globalization;
using System.Text;

namespace Microsoft.Data.Analysis;

public sealed partial class DataFrame
{
    /// <summary>Reads comma-separated values. Without <paramref name="dataTypes"/>, types are guessed from the first rows: bool, float, DateTime, string.</summary>
    public static DataFrame LoadCsv(string filename, char separator = ',', bool header = true, string[]? columnNames = null, Type[]? dataTypes = null,
        int numRows = -1, int guessRows = 10, bool addIndexColumn = false, Encoding? encoding = null, bool renameDuplicatedColumns = false, CultureInfo? cultureInfo = null)
    {
        using var stream = new FileStream(filename, FileMode.Open, FileAccess.Read);
        return LoadCsv(stream, separator, header, columnNames, dataTypes, numRows, guessRows, addIndexColumn, encoding, renameDuplicatedColumns, cultureInfo);
    }

    public static DataFrame LoadCsv(Stream csvStream, char separator = ',', bool header = true, string[]? columnNames = null, Type[]? dataTypes = null,
        long numberOfRowsToRead = -1, int guessRows = 10, bool addIndexColumn = false, Encoding? encoding = null, bool renameDuplicatedColumns = false,
        CultureInfo? cultureInfo = null, Func<IEnumerable<string>, Type>? guessTypeFunction = null)
    {
        using var reader = new StreamReader(csvStream, encoding ?? Encoding.UTF8, leaveOpen: true);
        return LoadCsvFromString(reader.ReadToEnd(), separator, header, columnNames, dataTypes, numberOfRowsToRead, guessRows, addIndexColumn,
            renameDuplicatedColumns, cultureInfo, guessTypeFunction);
    }

    /// <exception cref="FormatException">The text is empty, a row is too short, or a value is not of its column's type.</exception>
    public static DataFrame LoadCsvFromString(string csvString, char separator = ',', bool header = true, string[]? columnNames = null, Type[]? dataTypes = null,
        long numberOfRowsToRead = -1, int guessRows = 10, bool addIndexColumn = false, bool renameDuplicatedColumns = false,
        CultureInfo? cultureInfo = null, Func<IEnumerable<string>, Type>? guessTypeFunction = null)
    {
        if (dataTypes is null && guessRows <= 0)
            throw new ArgumentException("Expected either guessRows > 0 or dataTypes");
        var records = CsvText.Read(csvString, separator).ToList();
        if (records.Count == 0)
            throw new FormatException("Empty file");
        if (header)
            columnNames ??= renameDuplicatedColumns ? CsvText.Distinct(records[0]) : records[0];
        var rows = records.Skip(header ? 1 : 0).Take(numberOfRowsToRead < 0 ? int.MaxValue : (int)numberOfRowsToRead).ToList();
        // The header counts as one of the lines that are looked at.
        var sample = rows.Take(header ? guessRows - 1 : guessRows).ToList();
        var count = sample.Select(r => r.Length).Append(dataTypes?.Length ?? 0).Max();
        Type[] types = [.. Enumerable.Range(0, count).Select(i => dataTypes?[i] ?? Guess(i))];
        var frame = new DataFrame(types.Select((type, i) => CsvText.Column(NameOf(i), type)));
        foreach (var row in rows)
            frame.Append(row, inPlace: true, cultureInfo);
        if (addIndexColumn)
            frame.Columns.Insert(0, new Int64DataFrameColumn("IndexColumn", DataFrameColumn.Rows(frame.Rows.Count)));
        return frame;

        string NameOf(int i) => columnNames is not null && columnNames[i] is { Length: > 0 } name ? name : $"Column{i}";

        Type Guess(int i)
        {
            var line = sample.FindIndex(r => r.Length <= i);
            return line >= 0
                ? throw new FormatException($"Line {line + (header ? 2 : 1)} has less columns than expected")
                : (guessTypeFunction ?? CsvText.GuessType)(sample.Select(r => r[i]));
        }
    }

    /// <summary>Writes comma-separated values: ASCII and the current culture unless said otherwise.</summary>
    public static void SaveCsv(DataFrame dataFrame, string path, char separator = ',', bool header = true, Encoding? encoding = null, CultureInfo? cultureInfo = null)
    {
        using var stream = new FileStream(path, FileMode.Create);
        SaveCsv(dataFrame, stream, separator, header, encoding, cultureInfo);
    }

    public static void SaveCsv(DataFrame dataFrame, Stream csvStream, char separator = ',', bool header = true, Encoding? encoding = null, CultureInfo? cultureInfo = null)
    {
        cultureInfo ??= CultureInfo.CurrentCulture;
        if (cultureInfo.NumberFormat.NumberDecimalSeparator == separator.ToString())
            throw new ArgumentException("Decimal separator cannot match the column separator");
        using var writer = new StreamWriter(csvStream, encoding ?? Encoding.ASCII, leaveOpen: true);
        if (header)
            writer.WriteLine(string.Join(separator, dataFrame.Columns.Select(c => CsvText.Cell(c.Name, separator, cultureInfo))));
        foreach (var row in dataFrame.Rows)
            writer.WriteLine(string.Join(separator, row.Select(v => CsvText.Cell(v, separator, cultureInfo))));
    }
}
