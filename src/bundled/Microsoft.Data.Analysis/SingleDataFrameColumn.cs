namespace Microsoft.Data.Analysis;

/// <summary>A column of <see cref="float"/>.</summary>
public sealed class SingleDataFrameColumn : PrimitiveDataFrameColumn<float>
{
    public SingleDataFrameColumn(string name, IEnumerable<float?> values) : base(name, values) { }
    public SingleDataFrameColumn(string name, IEnumerable<float> values) : base(name, values) { }
    public SingleDataFrameColumn(string name, long length = 0) : base(name, length) { }

    internal override PrimitiveDataFrameColumn<float> CreateNewColumn(string name, IEnumerable<float?> values) => new SingleDataFrameColumn(name, values);
}
