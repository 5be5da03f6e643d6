using System.Collections;

namespace Microsoft.Data.Analysis;

/// <summary>Groups with keys of a known type.</summary>
public class GroupBy<TKey> : GroupBy
{
    readonly DataFrame frame;
    readonly int columnIndex;
    readonly List<(TKey Key, List<long> Rows)> groups;

    internal GroupBy(DataFrame frame, int columnIndex, IEnumerable<IGrouping<TKey, long>> groups)
    {
        (this.frame, this.columnIndex) = (frame, columnIndex);
        this.groups = [.. groups.Select(g => (g.Key, g.ToList()))];
    }

    public IEnumerable<IGrouping<TKey, DataFrameRow>> Groupings => groups.Select(g => new Grouping(g.Key, g.Rows.Select(i => frame.Rows[i])));

    public override DataFrame Count(params string[] columnNames) => OfEach(columnNames,
        column => new PrimitiveDataFrameColumn<long>(column.Name, groups.Select(g => g.Rows.LongCount(column.IsValid))));

    public override DataFrame First(params string[] columnNames) => OfEach(columnNames, column => column.CloneRows(groups.Select(g => g.Rows[0])));
    public override DataFrame Max(params string[] columnNames) => OfEach(columnNames, column => Reduced(column, rows => column.Max(rows)));
    public override DataFrame Min(params string[] columnNames) => OfEach(columnNames, column => Reduced(column, rows => column.Min(rows)));
    public override DataFrame Sum(params string[] columnNames) => OfEach(columnNames, column => Reduced(column, rows => column.Sum(rows)));

    public override DataFrame Mean(params string[] columnNames) => OfEach(columnNames,
        column => new PrimitiveDataFrameColumn<double>(column.Name, groups.Select(g => Convert.ToDouble(column.Sum(g.Rows)) / g.Rows.Count)));

    public override DataFrame Head(int numberOfRows) => Rows(rows => rows.Take(numberOfRows));
    public override DataFrame Tail(int numberOfRows) => Rows(rows => rows.TakeLast(numberOfRows));

    DataFrame OfEach(string[] columnNames, Func<DataFrameColumn, DataFrameColumn> result)
    {
        var key = frame.Columns[columnIndex];
        var columns = columnNames.Length == 0 ? frame.Columns : columnNames.Select(name => frame.Columns[name]);
        return new([key.CloneRows(groups.Select(g => g.Rows[0])), .. columns.Where(c => c != key).Select(result)]);
    }

    DataFrameColumn Reduced(DataFrameColumn column, Func<IEnumerable<long>, object?> reduce)
    {
        var result = column.CloneRows(groups.Select(g => g.Rows[0]));
        for (var i = 0; i < groups.Count; i++)
            result[i] = reduce(groups[i].Rows);
        return result;
    }

    DataFrame Rows(Func<List<long>, IEnumerable<long>> select)
    {
        List<long> rows = [.. groups.SelectMany(g => select(g.Rows))];
        var key = frame.Columns[columnIndex];
        return new([key.CloneRows(rows), .. frame.Columns.Where(c => c != key).Select(c => c.CloneRows(rows))]);
    }

    sealed class Grouping(TKey key, IEnumerable<DataFrameRow> rows) : IGrouping<TKey, DataFrameRow>
    {
        public TKey Key => key;
        public IEnumerator<DataFrameRow> GetEnumerator() => rows.GetEnumerator();
        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
