using System.Text.Json;
using Rlef.Problems;
using Rlef.Problems.Formats;

namespace Rlef.Evaluation.Samples;

/// <summary>
/// Whole responses of models, as other tools write them: one JSON object a line or an array of them, plain or gzipped. The text is in <c>response</c>,
/// <c>completion</c>, <c>solution</c>, <c>output</c>, …, in lists such as LiveCodeBench's <c>output_list</c>, in <c>messages</c>, or in <c>choices</c>.
/// </summary>
public static class ResponseFile
{
    /// <param name="Line">1-based line of its record.</param>
    /// <param name="Task">Id of the problem that it is for; null where the record has none.</param>
    public readonly record struct Response(int Line, string? Task, string Text);

    static readonly string[] Ids = ["task_id", "id", "question_id", "custom_id"];
    static readonly string[] Texts = ["response", "completion", "solution", "program", "output", "text", "content", "generated_text"];
    static readonly string[] Lists = ["output_list", "responses", "completions", "outputs"];

    /// <exception cref="ProblemFormatException">A line is no record, or has no response, or there is none.</exception>
    /// <exception cref="InvalidDataException">The compressed data are broken.</exception>
    public static IEnumerable<Response> Read(string path)
    {
        var any = false;
        foreach (var (record, fault) in RecordFile.Read(path))
        {
            any = true;
            if (record is null)
                throw fault!;
            var task = Ids.FirstOrDefault(record.Has) is { } field ? record.Id(field) : null;
            foreach (var text in TextsOf(record.WithWholeCharacters()))
                yield return new(record.Line, task, text);
        }
        if (!any)
            throw RecordFile.Nothing(path, "responses");
    }

    static IEnumerable<string> TextsOf(JsonRecord record)
    {
        if (Lists.FirstOrDefault(record.Has) is { } list)
            return OrNothing([.. record.Texts(list)]);
        var body = record.Root;
        // An answer of a served model: alone, or as a line of a batch's results.
        foreach (var level in (string[])["response", "body"])
            if (body.TryGetProperty(level, out var inner) && inner.ValueKind == JsonValueKind.Object)
                body = inner;
        if (body.TryGetProperty("choices", out var choices) && choices.ValueKind == JsonValueKind.Array)
            return OrNothing([.. choices.EnumerateArray().Select((choice, i) => Content(record, choice, $"choices[{i}]"))]);
        // What the user said last is no answer.
        if (body.TryGetProperty("messages", out var messages) && messages.ValueKind == JsonValueKind.Array && messages.GetArrayLength() > 0)
            return [messages[messages.GetArrayLength() - 1] is var last && last.ValueKind == JsonValueKind.Object && last.TryGetProperty("role", out var role)
                && role.ToString() is "user" or "system" ? "" : Content(record, last, "messages[-1]")];
        // A refusal is null.
        return Texts.FirstOrDefault(record.Has) is { } field ? [record.Text(field)!] : Texts.Any(name => body.TryGetProperty(name, out _)) ? [""]
            : throw record.Fault("response", $"missing; a response is a text in one of {string.Join(", ", Texts)}, a list in one of {string.Join(", ", Lists)}, or in messages or choices.");
    }

    // An answer that was filtered out is one without a program.
    static string[] OrNothing(string[] texts) => texts.Length > 0 ? texts : [""];

    // A refusal has no content.
    static string Content(JsonRecord record, JsonElement message, string name)
    {
        if (message.ValueKind == JsonValueKind.Object && message.TryGetProperty("message", out var inner))
            message = inner;
        // Of several parts those that are text.
        if (message.ValueKind == JsonValueKind.Object && message.TryGetProperty("content", out var parts) && parts.ValueKind == JsonValueKind.Array)
            return string.Concat(parts.EnumerateArray().Select((part, i) => part.ValueKind == JsonValueKind.Object ? record.Text(part, "text", $"{name}.content[{i}].text") : null));
        return message.ValueKind == JsonValueKind.Object
            ? record.Text(message, message.TryGetProperty("content", out _) ? "content" : "text", $"{name}.content") ?? ""
            : throw record.Fault(name, $"a message is expected, not {message.ValueKind}.");
    }
}
