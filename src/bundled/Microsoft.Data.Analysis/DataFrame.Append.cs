using System.Globalization;

namespace Microsoft.Data.Analysis;

// Values are converted to their column's type. An empty text is missing in all but text columns, the word null in every one.
public sealed partial class DataFrame
{
    public DataFrame Append(IEnumerable<DataFrameRow> rows, bool inPlace = false, CultureInfo? cultureInfo = null)
    {
        var result = inPlace ? this : Clone();
        foreach (var row in rows.ToList())
            result.Append(row.GetValues(), inPlace: true, cultureInfo);
        return result;
    }

    /// <summary>Appends one row; columns that it does not reach miss their value.</summary>
    public DataFrame Append(IEnumerable<object?>? row = null, bool inPlace = false, CultureInfo? cultureInfo = null)
    {
        var values = row?.ToList() ?? [];
        if (values.Count > Columns.Count)
            throw new ArgumentException($"Parameter.Count exceeds the number of columns({Columns.Count}) in the DataFrame ", nameof(row));
        return AppendConverted([.. Columns.Select((c, i) => i < values.Count ? Converted(values[i], c, cultureInfo) : null)], inPlace);
    }

    /// <summary>Appends one row by column names.</summary>
    public DataFrame Append(IEnumerable<KeyValuePair<string, object?>> row, bool inPlace = false, CultureInfo? cultureInfo = null)
    {
        var values = new object?[Columns.Count];
        foreach (var (name, value) in row)
        {
            var column = Columns[name];
            values[Columns.IndexOf(name)] = value is null ? null : Convert.ChangeType(value, column.DataType, cultureInfo ?? CultureInfo.CurrentCulture);
        }
        return AppendConverted(values, inPlace);
    }

    DataFrame AppendConverted(object?[] values, bool inPlace)
    {
        var result = inPlace ? this : Clone();
        for (var i = 0; i < values.Length; i++)
        {
            var column = result.Columns[i];
            column.Resize(column.Length + 1);
            column[column.Length - 1] = values[i];
        }
        return result;
    }

    static object? Converted(object? value, DataFrameColumn column, CultureInfo? culture) => value switch
    {
        null => null,
        string { Length: 0 } when column.DataType != typeof(string) => null,
        string text when text.Equals("null", StringComparison.OrdinalIgnoreCase) => null,
        _ => Convert.ChangeType(value, column.DataType, culture ?? CultureInfo.CurrentCulture),
    };
}
