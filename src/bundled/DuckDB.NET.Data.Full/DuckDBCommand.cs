namespace DuckDB.NET.Data;

/// <summary>SQL to be run on a connection.</summary>
public sealed class DuckDBCommand : IDisposable
{
    readonly DuckDBConnection connection;

    internal DuckDBCommand(DuckDBConnection connection) => this.connection = connection;

    public string CommandText { get; set; } = "";

    /// <summary>Whether a reader gets rows while the query runs, rather than after it with all rows in memory.</summary>
    public bool UseStreamingMode { get; set; }

    /// <summary>Runs one or more statements.</summary>
    /// <returns>Rows changed by the last.</returns>
    /// <exception cref="DuckDBException">A statement is wrong or failed.</exception>
    public unsafe int ExecuteNonQuery()
    {
        Native.Result result = default;
        try
        {
            return Native.duckdb_query(connection.Handle, CommandText, &result) == 0
                ? (int)Native.duckdb_rows_changed(&result)
                : throw new DuckDBException(Native.Text(Native.duckdb_result_error(&result)));
        }
        finally
        {
            Native.duckdb_destroy_result(&result);
        }
    }

    /// <summary>Runs one statement that gives rows.</summary>
    /// <exception cref="DuckDBException">The statement is wrong or failed.</exception>
    public unsafe DuckDBDataReader ExecuteReader()
    {
        var prepared = Native.duckdb_prepare(connection.Handle, CommandText, out var statement) == 0;
        try
        {
            if (!prepared)
                throw new DuckDBException(Native.Text(Native.duckdb_prepare_error(statement)));
            Native.Result result = default;
            var state = UseStreamingMode ? Native.duckdb_execute_prepared_streaming(statement, &result) : Native.duckdb_execute_prepared(statement, &result);
            if (state == 0)
                return new DuckDBDataReader(result);
            var error = Native.Text(Native.duckdb_result_error(&result));
            Native.duckdb_destroy_result(&result);
            throw new DuckDBException(error);
        }
        finally
        {
            Native.duckdb_destroy_prepare(ref statement);
        }
    }

    public void Dispose()
    {
    }
}
