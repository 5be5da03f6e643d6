using System.Collections;

namespace Microsoft.Data.Analysis;

/// <summary>A column of numbers, truth values or dates.</summary>
public partial class PrimitiveDataFrameColumn<T> : DataFrameColumn, IEnumerable<T?> where T : unmanaged
{
    readonly List<T?> values;

    public PrimitiveDataFrameColumn(string name, IEnumerable<T?> values) : base(name, typeof(T)) => this.values = [.. values];
    public PrimitiveDataFrameColumn(string name, IEnumerable<T> values) : base(name, typeof(T)) => this.values = [.. values.Select(v => (T?)v)];

    /// <summary>A column of that many missing values.</summary>
    public PrimitiveDataFrameColumn(string name, long length = 0) : base(name, typeof(T)) => values = [.. new T?[length]];

    public override long Length => values.Count;
    public override long NullCount => values.LongCount(v => v is null);

    public new T? this[long rowIndex]
    {
        get => values[checked((int)rowIndex)];
        set => values[checked((int)rowIndex)] = value;
    }

    public override bool IsValid(long index) => this[index] is not null;
    public override bool IsNumericColumn() => Arithmetic<T>.Instance is not null;
    public override bool HasDescription() => IsNumericColumn() || typeof(T) == typeof(DateTime);
    public void Append(T? value) => values.Add(value);

    public void AppendMany(T? value, long count)
    {
        for (var i = 0L; i < count; i++)
            values.Add(value);
    }

    public new PrimitiveDataFrameColumn<T> Clone(long numberOfNullsToAppend = 0) => (PrimitiveDataFrameColumn<T>)base.Clone(numberOfNullsToAppend);
    public new PrimitiveDataFrameColumn<T> Sort(bool ascending = true, bool putNullValuesLast = true) => (PrimitiveDataFrameColumn<T>)base.Sort(ascending, putNullValuesLast);
    public new PrimitiveDataFrameColumn<T> DropNulls() => (PrimitiveDataFrameColumn<T>)base.DropNulls();
    public PrimitiveDataFrameColumn<T> FillNulls(T value, bool inPlace = false) => (PrimitiveDataFrameColumn<T>)base.FillNulls(value, inPlace);

    /// <summary>The function's results; what is missing stays missing.</summary>
    public PrimitiveDataFrameColumn<T> Apply(Func<T, T> func, bool inPlace = false)
    {
        var result = inPlace ? this : Clone();
        for (var i = 0; i < values.Count; i++)
            result.values[i] = values[i] is { } value ? func(value) : null;
        return result;
    }

    public PrimitiveDataFrameColumn<TResult> Apply<TResult>(Func<T?, TResult?> func) where TResult : unmanaged => new("Result", values.Select(func));

    public override DataFrame ValueCounts()
    {
        var groups = values.OfType<T>().GroupBy(v => v).ToList();
        return new(new PrimitiveDataFrameColumn<T>("Values", groups.Select(g => g.Key)), new PrimitiveDataFrameColumn<long>("Counts", groups.Select(g => g.LongCount())));
    }

    public IEnumerator<T?> GetEnumerator() => values.GetEnumerator();
    protected override IEnumerator GetEnumeratorCore() => GetEnumerator();
    protected override object? GetValue(long rowIndex) => this[rowIndex];

    protected override void SetValue(long rowIndex, object? value) =>
        this[rowIndex] = value is null or T ? (T?)value : throw new ArgumentException($"Expected value to be of type {DataType}", nameof(value));

    protected internal override void Resize(long length)
    {
        if (length < values.Count)
            values.RemoveRange((int)length, values.Count - (int)length);
        AppendMany(null, length - values.Count);
    }

    internal override DataFrameColumn CloneRows(IEnumerable<long> rows) => CreateNewColumn(Name, rows.Select(i => this[i]));
    internal override IComparer<long> RowComparer => Comparer<long>.Create((a, b) => Comparer<T>.Default.Compare(this[a]!.Value, this[b]!.Value));

    internal override GroupBy GroupRows(DataFrame frame, int columnIndex) =>
        new GroupBy<T>(frame, columnIndex, Rows(Length).Where(IsValid).GroupBy(i => this[i]!.Value));

    internal virtual PrimitiveDataFrameColumn<T> CreateNewColumn(string name, IEnumerable<T?> values) => new(name, values);
}
