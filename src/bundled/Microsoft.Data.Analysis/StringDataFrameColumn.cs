using System.Collections;

namespace Microsoft.Data.Analysis;

/// <summary>A column of texts.</summary>
public sealed class StringDataFrameColumn : DataFrameColumn, IEnumerable<string?>
{
    readonly List<string?> values;

    public StringDataFrameColumn(string name, long length = 0) : base(name, typeof(string)) => values = [.. new string?[length]];
    public StringDataFrameColumn(string name, IEnumerable<string?> values) : base(name, typeof(string)) => this.values = [.. values];

    public override long Length => values.Count;
    public override long NullCount => values.LongCount(v => v is null);

    public new string? this[long rowIndex]
    {
        get => values[checked((int)rowIndex)];
        set => values[checked((int)rowIndex)] = value;
    }

    public void Append(string? value) => values.Add(value);
    public new StringDataFrameColumn Clone(long numberOfNullsToAppend = 0) => (StringDataFrameColumn)base.Clone(numberOfNullsToAppend);
    public new StringDataFrameColumn Sort(bool ascending = true, bool putNullValuesLast = true) => (StringDataFrameColumn)base.Sort(ascending, putNullValuesLast);
    public new StringDataFrameColumn DropNulls() => (StringDataFrameColumn)base.DropNulls();
    public StringDataFrameColumn FillNulls(string value, bool inPlace = false) => (StringDataFrameColumn)base.FillNulls(value, inPlace);

    public override DataFrameColumn FillNulls(object value, bool inPlace = false) => value is string
        ? base.FillNulls(value, inPlace)
        : throw new ArgumentException($"Expected value to be of type {DataType}", nameof(value));

    public StringDataFrameColumn Apply(Func<string?, string?> func, bool inPlace = false)
    {
        var result = inPlace ? this : Clone();
        for (var i = 0; i < values.Count; i++)
            result.values[i] = func(values[i]);
        return result;
    }

    public override DataFrame ValueCounts()
    {
        var groups = values.OfType<string>().GroupBy(v => v).ToList();
        return new(new StringDataFrameColumn("Values", groups.Select(g => g.Key)), new PrimitiveDataFrameColumn<long>("Counts", groups.Select(g => g.LongCount())));
    }

    public IEnumerator<string?> GetEnumerator() => values.GetEnumerator();
    protected override IEnumerator GetEnumeratorCore() => GetEnumerator();
    protected override object? GetValue(long rowIndex) => this[rowIndex];

    protected override void SetValue(long rowIndex, object? value) =>
        this[rowIndex] = value is null or string ? (string?)value : throw new ArgumentException($"Expected value to be of type {DataType}", nameof(value));

    protected internal override void Resize(long length)
    {
        if (length < values.Count)
            values.RemoveRange((int)length, values.Count - (int)length);
        while (values.Count < length)
            values.Add(null);
    }

    internal override DataFrameColumn CloneRows(IEnumerable<long> rows) => new StringDataFrameColumn(Name, rows.Select(i => this[i]));
    internal override IComparer<long> RowComparer => Comparer<long>.Create((a, b) => Comparer<string?>.Default.Compare(this[a], this[b]));

    internal override GroupBy GroupRows(DataFrame frame, int columnIndex) =>
        new GroupBy<string>(frame, columnIndex, Rows(Length).Where(IsValid).GroupBy(i => this[i]!));

    internal override PrimitiveDataFrameColumn<bool> Compare(Comparison comparison, object other)
    {
        if (comparison is not (Comparison.Equal or Comparison.NotEqual))
            Unsupported("order to compare by");
        CheckLength(other);
        return Mask(i => this[i] == (other is DataFrameColumn column ? column[i] : other)?.ToString() == (comparison == Comparison.Equal));
    }
}
