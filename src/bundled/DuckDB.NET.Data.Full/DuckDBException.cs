using System.Data.Common;

namespace DuckDB.NET.Data;

/// <summary>DuckDB refused or failed; the message is its own.</summary>
public class DuckDBException(string message) : DbException(message);
