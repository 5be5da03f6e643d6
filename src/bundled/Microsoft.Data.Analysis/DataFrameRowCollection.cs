using System.Collections;

namespace Microsoft.Data.Analysis;

/// <summary>The rows of a frame.</summary>
public sealed class DataFrameRowCollection : IEnumerable<DataFrameRow>
{
    readonly DataFrame frame;

    internal DataFrameRowCollection(DataFrame frame) => this.frame = frame;

    public long Count => frame.Columns.RowCount;
    public DataFrameRow this[long index] => new(frame, index);
    public IEnumerator<DataFrameRow> GetEnumerator() => DataFrameColumn.Rows(Count).Select(i => this[i]).GetEnumerator();
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
