using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

[assembly: DisableRuntimeMarshalling]

namespace DuckDB.NET.Data;

/// <summary>DuckDB's C API (duckdb.h), as far as it is used. A state of 0 is success.</summary>
static unsafe partial class Native
{
    const string Library = "duckdb";
    const string File = "libduckdb.so";

    /// <summary>The C struct <c>duckdb_result</c>, whose fields are the library's own.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 48)]
    public struct Result;

    public const int BigInt = 5, VarChar = 17;

    static Native() => NativeLibrary.SetDllImportResolver(typeof(Native).Assembly, (name, _, _) =>
        name != Library ? 0
        : Environment.GetEnvironmentVariable("RLEF_LIBDUCKDB") is { Length: > 0 } named ? NativeLibrary.Load(named)
        : Installed() is { } path ? NativeLibrary.Load(path)
        : 0);

    // Beside this assembly, or where npm put it above. Otherwise the system's own search goes on.
    static string? Installed()
    {
        var beside = Path.Combine(AppContext.BaseDirectory, File);
        if (System.IO.File.Exists(beside))
            return beside;
        foreach (var start in (string[])[AppContext.BaseDirectory, Environment.CurrentDirectory])
            for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
                if (Path.Combine(folder.FullName, "artifacts", "npm", "node_modules", "@duckdb", "node-bindings-linux-x64", File) is var path && System.IO.File.Exists(path))
                    return path;
        return null;
    }

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)] public static partial int duckdb_open_ext(string? path, out nint database, nint config, out byte* error);
    [LibraryImport(Library)] public static partial int duckdb_connect(nint database, out nint connection);
    [LibraryImport(Library)] public static partial void duckdb_disconnect(ref nint connection);
    [LibraryImport(Library)] public static partial void duckdb_close(ref nint database);
    [LibraryImport(Library)] public static partial void duckdb_free(void* memory);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)] public static partial int duckdb_query(nint connection, string query, Result* result);
    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)] public static partial int duckdb_prepare(nint connection, string query, out nint statement);
    [LibraryImport(Library)] public static partial byte* duckdb_prepare_error(nint statement);
    [LibraryImport(Library)] public static partial void duckdb_destroy_prepare(ref nint statement);
    [LibraryImport(Library)] public static partial int duckdb_execute_prepared(nint statement, Result* result);
    [LibraryImport(Library)] public static partial int duckdb_execute_prepared_streaming(nint statement, Result* result);

    [LibraryImport(Library)] public static partial byte* duckdb_result_error(Result* result);
    [LibraryImport(Library)] public static partial ulong duckdb_rows_changed(Result* result);
    [LibraryImport(Library)] public static partial ulong duckdb_column_count(Result* result);
    [LibraryImport(Library)] public static partial byte* duckdb_column_name(Result* result, ulong column);
    [LibraryImport(Library)] public static partial int duckdb_column_type(Result* result, ulong column);
    [LibraryImport(Library)] public static partial void duckdb_destroy_result(Result* result);

    [LibraryImport(Library)] public static partial nint duckdb_fetch_chunk(Result result);
    [LibraryImport(Library)] public static partial ulong duckdb_data_chunk_get_size(nint chunk);
    [LibraryImport(Library)] public static partial nint duckdb_data_chunk_get_vector(nint chunk, ulong column);
    [LibraryImport(Library)] public static partial void duckdb_destroy_data_chunk(ref nint chunk);
    [LibraryImport(Library)] public static partial void* duckdb_vector_get_data(nint vector);
    [LibraryImport(Library)] public static partial ulong* duckdb_vector_get_validity(nint vector);

    public static string Text(byte* text) => Marshal.PtrToStringUTF8((nint)text) ?? "";
}
