using System.Text.Json;

namespace Rlef.Problems.Formats;

/// <summary>A file or folder of problems: its format, and its records as drafts or faults, in order.</summary>
static class ProblemSource
{
    /// <exception cref="ProblemFormatException">Nothing in it is a problem of a known format.</exception>
    public static (ProblemFormat Format, IEnumerable<(ProblemDraft? Draft, ProblemFault? Fault)> Records) Open(string path, string? format)
    {
        if (RowRange.Split(path) is var (file, rows))
        {
            var (whole, records) = Open(file, format);
            return (whole, rows.Of(file, records));
        }
        var named = format is null ? null : ProblemFormats.Named(format);
        if (ParquetShards.Of(path) is { Count: > 0 } shards)
            return OpenParquet(path, shards, named);
        if (Directory.Exists(path))
            return OpenFolder(path, named);
        if (!File.Exists(path))
            throw new FileNotFoundException($"{path} is neither a file nor a folder.{(path.Contains('#') ? " Rows of a file are named as in problems.jsonl#1-100." : "")}");
        var first = RecordFile.Read(path).FirstOrDefault();
        if (first is { Record: null, Fault: null })
            throw NoProblems(path);
        // A broken first line says nothing about the rest.
        var known = named ?? RecordFile.Read(path).Select(e => e.Record is { } r ? ProblemFormats.Of(r.Root) : null).FirstOrDefault(f => f is not null)
            ?? (first.Record is null ? throw first.Fault! : OursOrUnknown(first.Record));
        return (known, Read(known, RecordFile.Read(path)));
    }

    static (ProblemFormat, IEnumerable<(ProblemDraft?, ProblemFault?)>) OpenParquet(string path, IReadOnlyList<string> shards, ProblemFormat? named)
    {
        var first = shards.Select(ParquetFile.First).FirstOrDefault(e => e is not { Record: null, Fault: null });
        var record = first.Record ?? throw first.Fault ?? NoProblems(path);
        var known = named ?? ProblemFormats.Of(record.Root) ?? OursOrUnknown(record);
        string[] columns = [.. known.Columns.Where(c => record.Root.TryGetProperty(c, out _))];
        return (known, Read(known, shards.SelectMany(shard => ParquetFile.Read(shard, columns))));
    }

    static ProblemFormatException NoProblems(string path) => RecordFile.Nothing(path, "problems");

    static ProblemFormat OursOrUnknown(JsonRecord record) => LooksLikeOurs(record)
        ? new RlefFormat()
        : throw record.Fault(ProblemFault.WholeLine, $"of no known format: it has {string.Join(", ", record.Root.EnumerateObject().Select(p => p.Name).Take(12))}. " +
            $"Name the format by --format; the formats are {string.Join(", ", ProblemFormats.Names)}.");

    static bool LooksLikeOurs(JsonRecord record) => record.Root.TryGetProperty("id", out _) || record.Root.TryGetProperty("statement", out _);

    static (ProblemFormat, IEnumerable<(ProblemDraft?, ProblemFault?)>) OpenFolder(string path, ProblemFormat? format)
    {
        string[] folders = Known(path) is not null ? [path] : [.. Directory.GetDirectories(path).Where(f => Known(f) is not null).Order(StringComparer.Ordinal)];
        if (folders.Length == 0)
            throw new ProblemFormatException(path, 1, ProblemFault.WholeFolder, "neither it nor its folders hold a problem.yaml (Kattis) or a question.txt (APPS), " +
                "and it has no Parquet. Name a file of records by its own path.");
        var known = format ?? Known(folders[0])!;
        return (known, folders.Select(f => Read(known, f)));

        ProblemFormat? Known(string folder) => format is null ? ProblemFormats.Of(folder) : format.Recognises(folder) ? format : null;
    }

    static IEnumerable<(ProblemDraft?, ProblemFault?)> Read(ProblemFormat format, IEnumerable<RecordFile.Entry> entries) =>
        entries.Select(e => e.Record is null ? (null, Fault(e.Fault!)) : Read(format, e.Record));

    static (ProblemDraft?, ProblemFault?) Read(ProblemFormat format, JsonRecord record)
    {
        try
        {
            return (format.Read(record), null);
        }
        catch (ProblemFormatException e)
        {
            return (null, Fault(e, IdOf(format, record)));
        }
        // Of a text that is none: half of a surrogate pair, which only asking for it tells.
        catch (InvalidOperationException e)
        {
            return (null, Fault(record.Fault(ProblemFault.WholeLine, $"not text: {e.Message}")));
        }
    }

    // Empty where there is none that is a text.
    static string IdOf(ProblemFormat format, JsonRecord record)
    {
        try
        {
            return record.Root.TryGetProperty(format.IdField(record.Root), out var id) && id.ValueKind is JsonValueKind.String or JsonValueKind.Number ? id.ToString() : "";
        }
        catch (InvalidOperationException)
        {
            return "";
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

    static ProblemFault Fault(ProblemFormatException e, string problem = "") => new(e.File, e.Line, problem, e.Field, e.Fault);
}
