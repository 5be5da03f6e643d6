using System.Text.Json;

namespace Rlef.Problems.Formats;

/// <summary>A file or folder of problems: its format, and its records as drafts or faults, in order.</summary>
static class ProblemSource
{
    static readonly byte[] ParquetMagic = "PAR1"u8.ToArray();

    /// <exception cref="ProblemFormatException">Nothing in it is a problem of a known format.</exception>
    public static (ProblemFormat Format, IEnumerable<(ProblemDraft? Draft, ProblemFault? Fault)> Records) Open(string path, string? format)
    {
        if (Directory.Exists(path))
            return OpenFolder(path, format is null ? null : ProblemFormats.Named(format));
        if (!File.Exists(path))
            throw new FileNotFoundException($"{path} is neither a file nor a folder.");
        RefuseParquet(path);
        var first = RecordFile.Read(path).FirstOrDefault();
        if (first is { Record: null, Fault: null })
            throw new ProblemFormatException(path, 1, "id", "the file has no problems.");
        var named = format is null ? null : ProblemFormats.Named(format);
        // A broken first line says nothing about the rest.
        var known = named ?? RecordFile.Read(path).Select(e => e.Record is { } r ? ProblemFormats.Of(r.Root) : null).FirstOrDefault(f => f is not null)
            ?? (first.Record is null ? throw first.Fault! : LooksLikeOurs(first.Record)
                ? new RlefFormat()
                : throw first.Record.Fault("(line)", $"of no known format: it has {string.Join(", ", first.Record.Root.EnumerateObject().Select(p => p.Name).Take(12))}. " +
                    $"Name the format by --format; the formats are {string.Join(", ", ProblemFormats.Names)}."));
        return (known, RecordFile.Read(path).Select(e => e.Record is null ? (null, Fault(e.Fault!)) : Read(known, e.Record)));
    }

    static bool LooksLikeOurs(JsonRecord record) => record.Root.TryGetProperty("id", out _) || record.Root.TryGetProperty("statement", out _);

    static void RefuseParquet(string path)
    {
        Span<byte> head = stackalloc byte[4];
        using var file = File.OpenRead(path);
        if (file.ReadAtLeast(head, 4, throwOnEndOfStream: false) == 4 && head.SequenceEqual(ParquetMagic))
            throw new InvalidDataException($"{path} is a Parquet file, which is not read here. Write it as JSONL first, for example with DuckDB: " +
                $"COPY (FROM '{path}') TO 'problems.jsonl' (FORMAT json)");
    }

    static (ProblemFormat, IEnumerable<(ProblemDraft?, ProblemFault?)>) OpenFolder(string path, ProblemFormat? format)
    {
        string[] folders = Known(path) is not null ? [path] : [.. Directory.GetDirectories(path).Where(f => Known(f) is not null).Order(StringComparer.Ordinal)];
        if (folders.Length == 0)
            throw new ProblemFormatException(path, 1, "(folder)", "neither it nor its folders hold a problem.yaml (Kattis) or a question.txt (APPS).");
        var known = format ?? Known(folders[0])!;
        return (known, folders.Select(f => Read(known, f)));

        ProblemFormat? Known(string folder) => format is null ? ProblemFormats.Of(folder) : format.Recognises(folder) ? format : null;
    }

    static (ProblemDraft?, ProblemFault?) Read(ProblemFormat format, JsonRecord record)
    {
        try
        {
            return (format.Read(record), null);
        }
        catch (ProblemFormatException e)
        {
            return (null, Fault(e, IdOf(record.Root)));
        }
    }

    static (ProblemDraft?, ProblemFault?) Read(ProblemFormat format, string folder)
    {
        try
        {
            return (format.Read(folder), null);
        }
        catch (ProblemFormatException e)
        {
            return (null, Fault(e, ProblemFile.NameOf(folder)));
        }
    }

    // Whatever could name the record, for people to find it.
    static string IdOf(JsonElement record)
    {
        foreach (var field in (string[])["id", "task_id", "name", "question_id", "problem_id"])
            if (record.TryGetProperty(field, out var value) && value.ValueKind is JsonValueKind.String or JsonValueKind.Number)
                return value.ToString();
        return "";
    }

    static ProblemFault Fault(ProblemFormatException e, string problem = "") => new(e.File, e.Line, problem, e.Field, e.Fault);
}
