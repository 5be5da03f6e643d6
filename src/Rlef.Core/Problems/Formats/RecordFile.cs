using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Rlef.Storage;

namespace Rlef.Problems.Formats;

/// <summary>Reads the records of a JSONL file or a JSON array, plain or gzipped, one at a time.</summary>
static partial class RecordFile
{
    static readonly JsonDocumentOptions Options = new() { MaxDepth = 512 };

    /// <summary>A record, or the fault of a line that is none.</summary>
    public readonly record struct Entry(JsonRecord? Record, ProblemFormatException? Fault);

    /// <exception cref="InvalidDataException">The compressed data are broken.</exception>
    public static IEnumerable<Entry> Read(string path) => ReadValues(path).Select(Object);

    /// <summary>The same where records may be other values than objects.</summary>
    /// <inheritdoc cref="Read"/>
    public static IEnumerable<Entry> ReadValues(string path)
    {
        using var lines = new LineReader(path);
        Entry? cut = null;
        var first = true;
        foreach (var (line, number) in lines.Read().Where(l => !string.IsNullOrWhiteSpace(l.Line)))
        {
            if (first && line.TrimStart().StartsWith('['))
            {
                foreach (var entry in Array(path, number, line, lines))
                    yield return entry;
                yield break;
            }
            if (cut is { } record && !line.TrimStart().StartsWith('{'))
            {
                yield return new(null, new(path, record.Fault!.Line, ProblemFault.WholeLine, SeveralLines));
                yield break;
            }
            if (cut is not null)
                yield return cut.Value;
            var next = ParseValue(path, number, line);
            cut = first && next.Fault?.Fault.Contains(JsonFault.OpenEnd, StringComparison.Ordinal) == true ? next : null;
            first = false;
            if (cut is null)
                yield return next;
        }
        if (cut is not null)
            yield return cut.Value;
    }

    const string SeveralLines = "the JSON goes on over several lines. A file of records has one object on each line, or is one list in brackets: jq -c . FILE writes each on a line.";

    /// <summary>What is said of a file without records.</summary>
    public static ProblemFormatException Nothing(string path, string records) =>
        new(path, 1, ProblemFault.WholeFile, File.Exists(path) && new FileInfo(path).Length == 0 ? "the file is empty." : $"the file has no {records}.");

    public static Entry Parse(string path, int number, string json) => Object(ParseValue(path, number, json));

    static Entry Object(Entry entry) => entry.Record is { Root.ValueKind: not JsonValueKind.Object } record
        ? new(null, record.Fault(ProblemFault.WholeLine, "a JSON object is expected."))
        : entry;

    static Entry ParseValue(string path, int number, string json)
    {
        try
        {
            using var document = ParsePython(json);
            return new(new(path, number, document.RootElement.Clone()), null);
        }
        catch (JsonException e)
        {
            return new(null, new(path, number, ProblemFault.WholeLine, NotJson(e)));
        }
    }

    // The fault tells the line.
    static string NotJson(JsonException e) => $"not JSON{(e.BytePositionInLine is { } before ? $" at byte {before + 1}" : "")}: {e.InWords()}.";

    /// <summary>Python's json writes nan and infinities as bare words, which JSON does not know: they become the encoding that values have.</summary>
    public static JsonDocument ParsePython(string json)
    {
        try
        {
            return JsonDocument.Parse(json, Options);
        }
        catch (JsonException) when (BareFloat.Count(json) > 0)
        {
            return JsonDocument.Parse(Encoded(json), Options);
        }
    }

    static string Encoded(string json) => BareFloat.Replace(json, m => m.Groups["word"] is { Success: true, Value: var word }
        ? $"{{\"__float__\":\"{word switch { "NaN" => "nan", "Infinity" => "inf", _ => "-inf" }}\"}}"
        : m.Value);

    // Texts are matched too, so that words inside them stay.
    [GeneratedRegex("""\"(?:[^"\\]|\\.)*"|(?<word>-?Infinity|NaN)""", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex BareFloat { get; }

    static List<Entry> Array(string path, int number, string first, LineReader lines)
    {
        var text = string.Join('\n', [first, .. lines.Read().Select(l => l.Line)]);
        var entries = Array(path, number, text);
        return entries.Count > 0 && entries[^1].Record is null && Encoded(text) is var encoded && encoded != text ? Array(path, number, encoded) : entries;
    }

    static List<Entry> Array(string path, int number, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        List<Entry> entries = [];
        var reader = new Utf8JsonReader(bytes, new JsonReaderOptions { MaxDepth = 512 });
        var (line, counted) = (number, 0);
        try
        {
            reader.Read();
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                var start = (int)reader.TokenStartIndex;
                line += bytes.AsSpan(counted, start - counted).Count((byte)'\n');
                counted = start;
                using var document = JsonDocument.ParseValue(ref reader);
                entries.Add(new(new(path, line, document.RootElement.Clone()), null));
            }
            if (reader.Read())
                throw new JsonException("text follows the list");
        }
        catch (JsonException e)
        {
            entries.Add(new(null, new(path, e.LineNumber is { } below ? (int)below + number : line, ProblemFault.WholeLine, NotJson(e))));
        }
        return entries;
    }
}
