namespace Microsoft.Data.Analysis;

/// <summary>A frame's rows by the values of one column, in the order of their first occurrence; rows without a value are left out.</summary>
public abstract class GroupBy
{
    /// <summary>Number of values that are not missing.</summary>
    public abstract DataFrame Count(params string[] columnNames);
    public abstract DataFrame First(params string[] columnNames);
    public abstract DataFrame Head(int numberOfRows);
    public abstract DataFrame Tail(int numberOfRows);
    public abstract DataFrame Max(params string[] columnNames);
    public abstract DataFrame Min(params string[] columnNames);
    public abstract DataFrame Sum(params string[] columnNames);

    /// <summary>Sums divided by the number of rows.</summary>
    public abstract DataFrame Mean(params string[] columnNames);
}
