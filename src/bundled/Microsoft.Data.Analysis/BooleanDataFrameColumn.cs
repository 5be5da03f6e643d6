namespace Microsoft.Data.Analysis;

/// <summary>A column of <see cref="bool"/>.</summary>
public sealed class BooleanDataFrameColumn : PrimitiveDataFrameColumn<bool>
{
    public BooleanDataFrameColumn(string name, IEnumerable<bool?> values) : base(name, values) { }
    public BooleanDataFrameColumn(string name, IEnumerable<bool> values) : base(name, values) { }
    public BooleanDataFrameColumn(string name, long length = 0) : base(name, length) { }

    internal override PrimitiveDataFrameColumn<bool> CreateNewColumn(string name, IEnumerable<bool?> values) => new BooleanDataFrameColumn(name, values);
}
