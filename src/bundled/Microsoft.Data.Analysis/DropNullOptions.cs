namespace Microsoft.Data.Analysis;

/// <summary>Which rows <see cref="DataFrame.DropNulls"/> drops: those that miss any value, or those that miss all.</summary>
public enum DropNullOptions
{
    Any,
    All,
}
