namespace Microsoft.Data.Analysis;

/// <summary>A column of <see cref="long"/>.</summary>
public sealed class Int64DataFrameColumn : PrimitiveDataFrameColumn<long>
{
    public Int64DataFrameColumn(string name, IEnumerable<long?> values) : base(name, values) { }
    public Int64DataFrameColumn(string name, IEnumerable<long> values) : base(name, values) { }
    public Int64DataFrameColumn(string name, long length = 0) : base(name, length) { }

    internal override PrimitiveDataFrameColumn<long> CreateNewColumn(string name, IEnumerable<long?> values) => new Int64DataFrameColumn(name, values);
}
