using System.Text;

namespace DuckDB.NET.Data;

/// <summary>Rows of a query, first to last. Columns of type VARCHAR and BIGINT can be read.</summary>
public sealed unsafe class DuckDBDataReader : IDisposable
{
    readonly int[] types;
    readonly string[] names;
    Native.Result result;
    nint chunk;
    ulong size, row;
    bool over, closed;

    internal DuckDBDataReader(Native.Result result)
    {
        this.result = result;
        (types, names) = (new int[Native.duckdb_column_count(&result)], new string[Native.duckdb_column_count(&result)]);
        for (var i = 0; i < types.Length; i++)
            (types[i], names[i]) = (Native.duckdb_column_type(&result, (ulong)i), Native.Text(Native.duckdb_column_name(&result, (ulong)i)));
    }

    public int FieldCount => types.Length;

    public string GetName(int ordinal) => names[ordinal];

    /// <summary>Goes to the next row, if there is one.</summary>
    /// <exception cref="DuckDBException">The query failed on the way.</exception>
    public bool Read()
    {
        ObjectDisposedException.ThrowIf(closed, this);
        if (over)
            return false;
        if (chunk != 0 && ++row < size)
            return true;
        do
        {
            Free();
            chunk = Native.duckdb_fetch_chunk(result);
            if (chunk == 0)
            {
                over = true;
                fixed (Native.Result* r = &result)
                    return Native.Text(Native.duckdb_result_error(r)) is { Length: > 0 } error ? throw new DuckDBException(error) : false;
            }
            (size, row) = (Native.duckdb_data_chunk_get_size(chunk), 0);
        }
        while (size == 0);
        return true;
    }

    public bool IsDBNull(int ordinal)
    {
        var validity = Native.duckdb_vector_get_validity(Vector(ordinal));
        return validity is not null && (validity[row / 64] >> (int)(row % 64) & 1) == 0;
    }

    /// <exception cref="InvalidCastException">The column holds something else, or null.</exception>
    public string GetString(int ordinal)
    {
        // duckdb_string_t: a length, then up to 12 bytes, or 4 of them and a pointer to all.
        var text = (byte*)Data(ordinal, Native.VarChar) + 16 * row;
        var length = *(int*)text;
        return Encoding.UTF8.GetString(length <= 12 ? text + 4 : *(byte**)(text + 8), length);
    }

    /// <exception cref="InvalidCastException">The column holds something else, or null.</exception>
    public long GetInt64(int ordinal) => ((long*)Data(ordinal, Native.BigInt))[row];

    void* Data(int ordinal, int type) => types[ordinal] == type && !IsDBNull(ordinal)
        ? Native.duckdb_vector_get_data(Vector(ordinal))
        : throw new InvalidCastException($"Column {ordinal}, '{names[ordinal]}', holds {(types[ordinal] == type ? "null" : $"DuckDB's type {types[ordinal]}, not {type}")}.");

    nint Vector(int ordinal) => chunk == 0 ? throw new InvalidOperationException("There is no row: Read comes first.")
        : Native.duckdb_data_chunk_get_vector(chunk, (ulong)ordinal);

    void Free()
    {
        if (chunk != 0)
            Native.duckdb_destroy_data_chunk(ref chunk);
        chunk = 0;
    }

    public void Dispose()
    {
        if (closed)
            return;
        closed = true;
        Free();
        fixed (Native.Result* r = &result)
            Native.duckdb_destroy_result(r);
    }
}
