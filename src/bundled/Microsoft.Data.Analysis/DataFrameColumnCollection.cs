using System.Collections.ObjectModel;

namespace Microsoft.Data.Analysis;

/// <summary>The columns of a frame: names differ, lengths do not.</summary>
public sealed class DataFrameColumnCollection : Collection<DataFrameColumn>
{
    internal DataFrameColumnCollection(IEnumerable<DataFrameColumn> columns)
    {
        foreach (var column in columns)
            Add(column);
    }

    internal long RowCount => Count == 0 ? 0 : this[0].Length;

    public int IndexOf(string columnName)
    {
        for (var i = 0; i < Count; i++)
            if (this[i].Name == columnName)
                return i;
        return -1;
    }

    /// <summary>The column of that name; setting renames, and replaces or appends.</summary>
    public DataFrameColumn this[string columnName]
    {
        get => IndexOf(columnName) is var i and >= 0 ? this[i] : throw new ArgumentException($"Column '{columnName}' does not exist", nameof(columnName));
        set
        {
            value.SetName(columnName);
            if (IndexOf(columnName) is var i and >= 0)
                this[i] = value;
            else
                Add(value);
        }
    }

    public void RenameColumn(string currentName, string newName) => this[currentName].SetName(newName);

    public void Remove(string columnName)
    {
        if (IndexOf(columnName) is var i and >= 0)
            RemoveAt(i);
    }

    public PrimitiveDataFrameColumn<T> GetPrimitiveColumn<T>(string name) where T : unmanaged => Get<PrimitiveDataFrameColumn<T>>(name, typeof(T));
    public BooleanDataFrameColumn GetBooleanColumn(string name) => Get<BooleanDataFrameColumn>(name, typeof(bool));
    public Int32DataFrameColumn GetInt32Column(string name) => Get<Int32DataFrameColumn>(name, typeof(int));
    public Int64DataFrameColumn GetInt64Column(string name) => Get<Int64DataFrameColumn>(name, typeof(long));
    public SingleDataFrameColumn GetSingleColumn(string name) => Get<SingleDataFrameColumn>(name, typeof(float));
    public DoubleDataFrameColumn GetDoubleColumn(string name) => Get<DoubleDataFrameColumn>(name, typeof(double));
    public DateTimeDataFrameColumn GetDateTimeColumn(string name) => Get<DateTimeDataFrameColumn>(name, typeof(DateTime));
    public StringDataFrameColumn GetStringColumn(string name) => Get<StringDataFrameColumn>(name, typeof(string));

    TColumn Get<TColumn>(string name, Type type) where TColumn : DataFrameColumn =>
        this[name] as TColumn ?? throw new ArgumentException($"Cannot cast column holding {this[name].DataType} values to type {type}");

    protected override void InsertItem(int index, DataFrameColumn item)
    {
        Check(item, replaced: -1);
        base.InsertItem(index, item);
        item.AddOwner(this);
    }

    protected override void SetItem(int index, DataFrameColumn item)
    {
        Check(item, index);
        this[index].RemoveOwner(this);
        base.SetItem(index, item);
        item.AddOwner(this);
    }

    protected override void RemoveItem(int index)
    {
        this[index].RemoveOwner(this);
        base.RemoveItem(index);
    }

    protected override void ClearItems()
    {
        foreach (var column in this)
            column.RemoveOwner(this);
        base.ClearItems();
    }

    void Check(DataFrameColumn column, int replaced)
    {
        if (RowCount > 0 && column.Length != RowCount || RowCount == 0 && Count > 0 && column.Length != 0)
            throw new ArgumentException("Column lengths are mismatched", nameof(column));
        if (IndexOf(column.Name) is var i and >= 0 && i != replaced)
            throw new ArgumentException($"DataFrame already contains a column called {column.Name}", nameof(column));
    }
}
