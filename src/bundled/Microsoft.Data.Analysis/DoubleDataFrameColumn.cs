namespace Microsoft.Data.Analysis;

/// <summary>A column of <see cref="double"/>.</summary>
public sealed class DoubleDataFrameColumn : PrimitiveDataFrameColumn<double>
{
    public DoubleDataFrameColumn(string name, IEnumerable<double?> values) : base(name, values) { }
    public DoubleDataFrameColumn(string name, IEnumerable<double> values) : base(name, values) { }
    public DoubleDataFrameColumn(string name, long length = 0) : base(name, length) { }

    internal override PrimitiveDataFrameColumn<double> CreateNewColumn(string name, IEnumerable<double?> values) => new DoubleDataFrameColumn(name, values);
}
