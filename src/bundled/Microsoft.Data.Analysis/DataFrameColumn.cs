using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Microsoft.Data.Analysis;

/// <summary>A named list of values of one type, any of which may be missing (null).</summary>
public abstract partial class DataFrameColumn : IEnumerable
{
    internal const int PreviewRows = 25;
    readonly List<DataFrameColumnCollection> owners = [];

    protected DataFrameColumn(string name, Type type) => (Name, DataType) = (name, type);

    public static PrimitiveDataFrameColumn<T> Create<T>(string name, IEnumerable<T> values) where T : unmanaged => new(name, values);
    public static PrimitiveDataFrameColumn<T> Create<T>(string name, IEnumerable<T?> values) where T : unmanaged => new(name, values);
    public static StringDataFrameColumn Create(string name, IEnumerable<string?> values) => new(name, values);

    public string Name { get; private set; }
    public Type DataType { get; }
    public abstract long Length { get; }

    /// <summary>How many values are missing.</summary>
    public abstract long NullCount { get; }

    /// <exception cref="ArgumentException">A frame that holds the column has another one of this name.</exception>
    public void SetName(string newName)
    {
        if (newName != Name && owners.Any(owner => owner.IndexOf(newName) >= 0))
            throw new ArgumentException($"DataFrame already contains a column called {newName}", nameof(newName));
        Name = newName;
    }

    public object? this[long rowIndex]
    {
        get => GetValue(rowIndex);
        set => SetValue(rowIndex, value);
    }

    /// <summary>Some values in a row.</summary>
    public IReadOnlyList<object?> this[long startIndex, int length] => [.. Enumerable.Range(0, length).Select(i => GetValue(startIndex + i))];

    public virtual bool IsValid(long index) => GetValue(index) is not null;
    public virtual bool IsNumericColumn() => false;
    public virtual bool HasDescription() => false;

    public DataFrameColumn Clone(long numberOfNullsToAppend = 0)
    {
        var clone = CloneRows(Rows(Length));
        clone.Resize(Length + numberOfNullsToAppend);
        return clone;
    }

    /// <summary>The rows that an index or mask column names.</summary>
    public DataFrameColumn Clone(DataFrameColumn mapIndices) => CloneRows(RowsOf(mapIndices, Length));

    public DataFrameColumn Sort(bool ascending = true, bool putNullValuesLast = true) => CloneRows(SortedRows(ascending, putNullValuesLast));

    /// <summary>Whole numbers of rows, or the rows at which a mask is true.</summary>
    internal static IReadOnlyList<long> RowsOf(DataFrameColumn map, long length) => map switch
    {
        PrimitiveDataFrameColumn<long> rows => [.. rows.Select(r => r!.Value)],
        PrimitiveDataFrameColumn<int> rows => [.. rows.Select(r => (long)r!.Value)],
        PrimitiveDataFrameColumn<bool> mask when mask.Length <= length => [.. Rows(mask.Length).Where(i => mask[i] == true)],
        PrimitiveDataFrameColumn<bool> => throw new ArgumentException($"The mask has {map.Length} rows, the column {length}."),
        _ => throw new ArgumentException($"Expected value to be one of System.Int64, System.Int32, System.Boolean; found {map.DataType}.", nameof(map)),
    };

    internal static IEnumerable<long> Rows(long count)
    {
        for (var i = 0L; i < count; i++)
            yield return i;
    }

    // Ties keep their order; descending is ascending turned round, ties included.
    IEnumerable<long> SortedRows(bool ascending, bool putNullValuesLast)
    {
        IEnumerable<long> valid = Rows(Length).Where(IsValid).Order(RowComparer);
        if (!ascending)
            valid = valid.Reverse();
        var missing = Rows(Length).Where(i => !IsValid(i));
        return putNullValuesLast ? valid.Concat(missing) : missing.Concat(valid);
    }

    internal DataFrame Take(DataFrame frame, bool ascending, bool putNullValuesLast) => frame.Take([.. SortedRows(ascending, putNullValuesLast)]);

    internal void AddOwner(DataFrameColumnCollection owner) => owners.Add(owner);
    internal void RemoveOwner(DataFrameColumnCollection owner) => owners.Remove(owner);

    protected abstract object? GetValue(long rowIndex);
    protected abstract void SetValue(long rowIndex, object? value);
    protected internal abstract void Resize(long length);
    internal abstract DataFrameColumn CloneRows(IEnumerable<long> rows);
    internal abstract IComparer<long> RowComparer { get; }
    internal abstract GroupBy GroupRows(DataFrame frame, int columnIndex);

    public abstract DataFrame ValueCounts();
    public virtual DataFrameColumn DropNulls() => CloneRows(Rows(Length).Where(IsValid));

    /// <summary>A column, or this one, in which <paramref name="value"/>, converted to the column's type, stands for what is missing.</summary>
    public virtual DataFrameColumn FillNulls(object value, bool inPlace = false)
    {
        var result = inPlace ? this : Clone();
        var converted = Convert.ChangeType(value, DataType);
        foreach (var i in Rows(Length).Where(i => !IsValid(i)))
            result[i] = converted;
        return result;
    }

    /// <summary>Type and number of values.</summary>
    public virtual StringDataFrameColumn Info() => new(Name, [DataType.ToString(), (Length - NullCount).ToString()]);

    public override string ToString() => ToString(PreviewRows);

    public string ToString(long rowsToShow)
    {
        var text = new StringBuilder(Name);
        foreach (var i in Rows(Math.Min(Length, rowsToShow)))
            text.Append(this[i] ?? "null").AppendLine();
        if (rowsToShow < Length)
            text.AppendLine($"  ... {rowsToShow} of total {Length}");
        return text.Append($"Name: {Name}, Type: {DataType}").ToString();
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumeratorCore();
    protected abstract IEnumerator GetEnumeratorCore();

    [DoesNotReturn]
    internal DataFrameColumn Unsupported(string operation) =>
        throw new NotImplementedException($"Column '{Name}' of {DataType} has no {operation}.");
}
