using DuckDB.NET.Data;

namespace Rlef.Problems.Formats;

/// <summary>
/// Rows of a Parquet file as records, through DuckDB: lists and structs become JSON's arrays and objects, so a row reads as its line in the JSONL of
/// the same set. One row group of the wanted columns is in memory at a time.
/// </summary>
static class ParquetFile
{
    // Nothing is fetched from a network or spilt to a disk, and a row group that does not fit is an error. The buffer counts a text as 16 bytes whatever its
    // length: any larger one runs dozens of row groups ahead.
    const string Settings = """
        SET threads=1; SET memory_limit='4GB'; SET temp_directory=''; SET streaming_buffer_size='1KB';
        SET autoinstall_known_extensions=false; SET autoload_known_extensions=false
        """;

    static readonly byte[] Magic = "PAR1"u8.ToArray();

    /// <summary>Whether the file starts as Parquet files do.</summary>
    public static bool Is(string path)
    {
        Span<byte> head = stackalloc byte[4];
        using var file = File.OpenRead(path);
        return file.ReadAtLeast(head, 4, throwOnEndOfStream: false) == 4 && head.SequenceEqual(Magic);
    }

    /// <summary>The first row with all its columns; neither record nor fault for a file without rows.</summary>
    public static RecordFile.Entry First(string path) => Rows(path, $"(SELECT * FROM {Source(path)} LIMIT 1)").FirstOrDefault();

    /// <param name="columns">Columns of the file that are wanted; empty for all.</param>
    /// <returns>Records whose line is the 1-based number of the row.</returns>
    /// <exception cref="InvalidDataException">The file is broken.</exception>
    public static IEnumerable<RecordFile.Entry> Read(string path, IReadOnlyCollection<string> columns) =>
        Rows(path, columns.Count == 0 ? Source(path) : $"(SELECT {string.Join(", ", columns.Select(c => Quote(c, '"')))} FROM {Source(path)})");

    static string Source(string path) => $"read_parquet({Quote(Path.GetFullPath(path), '\'')})";

    static string Quote(string text, char quote) => $"{quote}{text.Replace($"{quote}", $"{quote}{quote}")}{quote}";

    static IEnumerable<RecordFile.Entry> Rows(string path, string source)
    {
        using var connection = Blaming(path, Connect);
        using var command = connection.CreateCommand();
        command.UseStreamingMode = true;
        command.CommandText = $"SELECT CAST(to_json(t) AS VARCHAR) FROM {source} AS t";
        using var reader = Blaming(path, command.ExecuteReader);
        for (var row = 1; Blaming(path, reader.Read); row++)
            yield return RecordFile.Parse(path, row, reader.GetString(0));
    }

    static DuckDBConnection Connect()
    {
        var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = Settings;
        command.ExecuteNonQuery();
        return connection;
    }

    static T Blaming<T>(string path, Func<T> act)
    {
        try
        {
            return act();
        }
        catch (DuckDBException e)
        {
            throw new InvalidDataException($"{path} is broken, or no Parquet file that DuckDB reads ({e.Message.Split('\n')[0]}). Fetch the file again.");
        }
    }
}
