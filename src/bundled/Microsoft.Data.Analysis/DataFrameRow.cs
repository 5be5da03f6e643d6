using System.Collections;

namespace Microsoft.Data.Analysis;

/// <summary>A view of one row of a frame.</summary>
public sealed class DataFrameRow : IEnumerable<object?>
{
    readonly DataFrame frame;
    readonly long index;

    internal DataFrameRow(DataFrame frame, long index) => (this.frame, this.index) = (frame, index);

    public object? this[int index]
    {
        get => frame.Columns[index][this.index];
        set => frame.Columns[index][this.index] = value;
    }

    public object? this[string columnName]
    {
        get => frame[columnName][index];
        set => frame[columnName][index] = value;
    }

    public IEnumerable<KeyValuePair<string, object?>> GetValues() => frame.Columns.Select(c => KeyValuePair.Create(c.Name, c[index]));
    public IEnumerator<object?> GetEnumerator() => frame.Columns.Select(c => c[index]).GetEnumerator();
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    public override string ToString() => string.Concat(this.Select(v => $"{v ?? "null"} "));
}
