namespace DuckDB.NET.Data;

/// <summary>A connection to a database in memory or in a file. Not safe for use by many threads.</summary>
/// <param name="connectionString">Such as <c>DataSource=:memory:</c> or <c>DataSource=/path/to/file</c>.</param>
public sealed class DuckDBConnection(string connectionString) : IDisposable
{
    nint database, connection;

    public string ConnectionString { get; } = connectionString;

    internal nint Handle => connection != 0 ? connection : throw new InvalidOperationException("The connection is not open.");

    /// <exception cref="DuckDBException">The database cannot be opened.</exception>
    /// <exception cref="DllNotFoundException">libduckdb is not there.</exception>
    public unsafe void Open()
    {
        if (connection != 0)
            throw new InvalidOperationException("The connection is open already.");
        if (Native.duckdb_open_ext(DataSource(), out database, 0, out var error) != 0)
        {
            var message = Native.Text(error);
            Native.duckdb_free(error);
            throw new DuckDBException(message);
        }
        if (Native.duckdb_connect(database, out connection) != 0)
            throw new DuckDBException($"DuckDB gave no connection to {ConnectionString}.");
    }

    public DuckDBCommand CreateCommand() => new(this);

    // Null for a database in memory.
    string? DataSource()
    {
        var parts = ConnectionString.Split('=', 2, StringSplitOptions.TrimEntries);
        if (parts is not ["DataSource" or "Data Source", var source] || source.Contains(';'))
            throw new ArgumentException($"The connection string '{ConnectionString}' is not DataSource=….");
        return source == ":memory:" ? null : source;
    }

    public void Dispose()
    {
        if (connection != 0)
            Native.duckdb_disconnect(ref connection);
        if (database != 0)
            Native.duckdb_close(ref database);
        (connection, database) = (0, 0);
    }
}
