namespace Microsoft.Data.Analysis;

/// <summary>A column of <see cref="DateTime"/>.</summary>
public sealed class DateTimeDataFrameColumn : PrimitiveDataFrameColumn<DateTime>
{
    public DateTimeDataFrameColumn(string name, IEnumerable<DateTime?> values) : base(name, values) { }
    public DateTimeDataFrameColumn(string name, IEnumerable<DateTime> values) : base(name, values) { }
    public DateTimeDataFrameColumn(string name, long length = 0) : base(name, length) { }

    internal override PrimitiveDataFrameColumn<DateTime> CreateNewColumn(string name, IEnumerable<DateTime?> values) => new DateTimeDataFrameColumn(name, values);
}
