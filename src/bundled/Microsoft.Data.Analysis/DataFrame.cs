using System.Text;

namespace Microsoft.Data.Analysis;

/// <summary>A table of named columns of equal length.</summary>
public sealed partial class DataFrame
{
    public DataFrame(IEnumerable<DataFrameColumn> columns)
    {
        Columns = new DataFrameColumnCollection(columns);
        Rows = new DataFrameRowCollection(this);
    }

    public DataFrame(params DataFrameColumn[] columns) : this((IEnumerable<DataFrameColumn>)columns) { }

    public DataFrameColumnCollection Columns { get; }
    public DataFrameRowCollection Rows { get; }

    public DataFrameColumn this[string columnName]
    {
        get => Columns[columnName];
        set => Columns[columnName] = value;
    }

    public object? this[long rowIndex, int columnIndex]
    {
        get => Columns[columnIndex][rowIndex];
        set => Columns[columnIndex][rowIndex] = value;
    }

    public DataFrame this[PrimitiveDataFrameColumn<bool> rowFilter] => Filter(rowFilter);
    public DataFrame this[PrimitiveDataFrameColumn<int> rowIndices] => Filter(rowIndices);
    public DataFrame this[PrimitiveDataFrameColumn<long> rowIndices] => Filter(rowIndices);
    public DataFrame this[IEnumerable<int> rowIndices] => Filter(new PrimitiveDataFrameColumn<int>("Filter", rowIndices));
    public DataFrame this[IEnumerable<long> rowIndices] => Filter(new PrimitiveDataFrameColumn<long>("Filter", rowIndices));
    public DataFrame this[IEnumerable<bool> rowFilter] => Filter(new PrimitiveDataFrameColumn<bool>("Filter", rowFilter));

    /// <summary>The rows at which the mask is true.</summary>
    public DataFrame Filter(PrimitiveDataFrameColumn<bool> filter) => Take(DataFrameColumn.RowsOf(filter, Rows.Count));
    public DataFrame Filter(PrimitiveDataFrameColumn<int> rowIndices) => Take(DataFrameColumn.RowsOf(rowIndices, Rows.Count));
    public DataFrame Filter(PrimitiveDataFrameColumn<long> rowIndices) => Take(DataFrameColumn.RowsOf(rowIndices, Rows.Count));

    /// <summary>The first rows; there must be as many.</summary>
    public DataFrame Head(int numberOfRows) => Take([.. DataFrameColumn.Rows(numberOfRows)]);
    public DataFrame Tail(int numberOfRows) => Take([.. DataFrameColumn.Rows(Rows.Count).TakeLast(numberOfRows)]);
    public DataFrame Clone() => Take([.. DataFrameColumn.Rows(Rows.Count)]);

    /// <summary>Rows drawn without replacement.</summary>
    public DataFrame Sample(int numberOfRows)
    {
        if (numberOfRows > Rows.Count)
            throw new ArgumentException($"Parameter.Count exceeds the number of rows({Rows.Count}) in the DataFrame", nameof(numberOfRows));
        var rows = Enumerable.Range(0, (int)Rows.Count).ToArray();
        Random.Shared.Shuffle(rows);
        return this[rows.Take(numberOfRows)];
    }

    public DataFrame OrderBy(string columnName, bool ascending = true, bool putNullValuesLast = true) => Columns[columnName].Take(this, ascending, putNullValuesLast);
    public DataFrame OrderByDescending(string columnName, bool putNullValuesLast = true) => Columns[columnName].Take(this, ascending: false, putNullValuesLast);

    public GroupBy GroupBy(string columnName) => Columns[columnName].GroupRows(this, Columns.IndexOf(columnName));

    /// <exception cref="InvalidCastException">The column holds values of another type.</exception>
    public GroupBy<TKey> GroupBy<TKey>(string columnName) => GroupBy(columnName) as GroupBy<TKey> ?? throw new InvalidCastException(
        $"Cannot cast elements of column '{columnName}' type of {Columns[columnName].DataType} to type {typeof(TKey)} used as TKey in grouping ");

    public DataFrame DropNulls(DropNullOptions options = DropNullOptions.Any) => Take([.. DataFrameColumn.Rows(Rows.Count).Where(i => options == DropNullOptions.Any
        ? Columns.All(c => c.IsValid(i))
        : Columns.Any(c => c.IsValid(i)))]);

    public DataFrame FillNulls(object value, bool inPlace = false)
    {
        var result = inPlace ? this : Clone();
        foreach (var column in result.Columns)
            column.FillNulls(value, inPlace: true);
        return result;
    }

    /// <summary>Type and number of values of each column.</summary>
    public DataFrame Info() => new([new StringDataFrameColumn("Info", ["DataType", "Length (excluding null values)"]), .. Columns.Select(c => c.Info())]);

    /// <summary>Number of values, maximum, minimum and mean of each column of numbers.</summary>
    public DataFrame Description() => Columns.Where(c => c.HasDescription()).ToList() is { Count: > 0 } described
        ? new([new StringDataFrameColumn("Description", ["Length (excluding null values)", "Max", "Min", "Mean"]), .. described.Select(c => c.Description())])
        : new();

    public override string ToString() => ToString(DataFrameColumn.PreviewRows);

    public string ToString(long rowsToShow)
    {
        var width = Math.Max(10, Columns.Select(c => c.Name.Length).DefaultIfEmpty().Max() + 1);
        var text = new StringBuilder();
        foreach (var column in Columns)
            text.Append(column.Name.PadRight(width));
        text.AppendLine();
        foreach (var row in Rows.Take((int)Math.Min(Rows.Count, rowsToShow)))
        {
            foreach (var value in row)
                text.Append((value ?? "null").ToString()!.PadRight(width));
            text.AppendLine();
        }
        if (rowsToShow < Rows.Count)
            text.AppendLine($"  ... {rowsToShow} of total {Rows.Count}");
        return text.ToString();
    }

    internal DataFrame Take(IReadOnlyList<long> rows) => new(Columns.Select(c => c.CloneRows(rows)));
}
