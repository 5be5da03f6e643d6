using System.Collections.Immutable;
using System.Text.Json;
using System.Text.RegularExpressions;
using Rlef.Storage;

namespace Rlef.Problems.Formats;

/// <summary>One record of a problem file. Its readers blame file, line and field for every fault.</summary>
/// <param name="Line">1-based line on which the record starts.</param>
sealed partial record JsonRecord(string File, int Line, JsonElement Root)
{
    /// <summary>The field's text, or null where it is absent or null.</summary>
    public string? Text(string field) => Text(Root, field, field);

    /// <param name="name">The field's name in a fault.</param>
    public string? Text(JsonElement parent, string field, string name)
    {
        if (!parent.TryGetProperty(field, out var value) || value.ValueKind == JsonValueKind.Null)
            return null;
        return value.ValueKind == JsonValueKind.String ? ReadText(value, name) : throw Fault(name, $"a text is expected, not {value.ValueKind}.");
    }

    /// <summary>A plain file name, of a file in a program's folder; null if the field is missing or empty.</summary>
    public string? FileName(string field) => Text(field) is not { Length: > 0 } name ? null
        : name is not ("." or "..") && name.Length <= 255 && !name.AsSpan().ContainsAny('/', '\0') ? name
        : throw Fault(field, "the name of a file without folders is expected.");

    public string RequiredText(string field, string hint = "a text is expected.") => Text(field) ?? throw Fault(field, $"missing; {hint}");

    /// <summary>An id that some sets write as a text and others as a number.</summary>
    public string Id(string field) => Root.TryGetProperty(field, out var value) && value.ValueKind is JsonValueKind.String or JsonValueKind.Number
        ? value.ValueKind == JsonValueKind.String ? ReadText(value, field) : value.GetRawText()
        : throw Fault(field, "missing; it names the problem.");

    public ImmutableArray<string> Texts(string field) => Has(field) ? Texts(Root.GetProperty(field), field) : [];

    public ImmutableArray<string> Texts(JsonElement list, string name)
    {
        if (list.ValueKind != JsonValueKind.Array)
            throw Fault(name, "a list of texts is expected.");
        return [.. list.EnumerateArray().Select((item, i) => item.ValueKind == JsonValueKind.String ? ReadText(item, $"{name}[{i}]")
            : throw Fault($"{name}[{i}]", $"a text is expected, not {item.ValueKind}."))];
    }

    /// <summary>Whether the field is there and not null.</summary>
    public bool Has(string field) => Root.TryGetProperty(field, out var value) && value.ValueKind is not (JsonValueKind.Null or JsonValueKind.Undefined);

    /// <summary>JSON that some sets put into a text and others write out.</summary>
    public JsonElement Nested(string field)
    {
        if (!Root.TryGetProperty(field, out var value))
            throw Fault(field, "missing.");
        return value.ValueKind == JsonValueKind.String ? Parse(ReadText(value, field), field) : value;
    }

    public JsonElement Parse(string json, string name)
    {
        try
        {
            using var document = RecordFile.ParsePython(json);
            return document.RootElement.Clone();
        }
        catch (JsonException e)
        {
            throw Fault(name, $"not JSON: {e.OneLine()}");
        }
    }

    /// <summary>
    /// The same with NUL for each half of a surrogate pair, such as a character has of which a response was cut: no more a part of a Python program, so that one
    /// such program does not compile, and the others are read.
    /// </summary>
    public JsonRecord WithWholeCharacters()
    {
        var text = Root.GetRawText();
        return text.Contains("\\ud", StringComparison.OrdinalIgnoreCase) && Halves.Replace(text, m => m.Groups["half"].Success ? @"\u0000" : m.Value) is var whole && whole != text
            ? this with { Root = Parse(whole, ProblemFault.WholeLine) } : this;
    }

    // Backslashes that are no escape of such a half, and whole pairs, stay as they are.
    [GeneratedRegex(@"\\\\|\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(?<half>\\u[dD][89a-fA-F][0-9a-fA-F]{2})")]
    private static partial Regex Halves { get; }

    public ProblemFormatException Fault(string field, string fault) => new(File, Line, field, fault);

    /// <summary>The text that a value is.</summary>
    public string ReadText(JsonElement value, string name)
    {
        try
        {
            return value.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw Fault(name, "the text has half a surrogate pair, which is no character.");
        }
    }
}
