namespace Microsoft.Data.Analysis;

/// <summary>A column of <see cref="int"/>.</summary>
public sealed class Int32DataFrameColumn : PrimitiveDataFrameColumn<int>
{
    public Int32DataFrameColumn(string name, IEnumerable<int?> values) : base(name, values) { }
    public Int32DataFrameColumn(string name, IEnumerable<int> values) : base(name, values) { }
    public Int32DataFrameColumn(string name, long length = 0) : base(name, length) { }

    internal override PrimitiveDataFrameColumn<int> CreateNewColumn(string name, IEnumerable<int?> values) => new Int32DataFrameColumn(name, values);
}
