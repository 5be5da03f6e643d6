using System.Text.Json.Nodes;

namespace Rlef.Notebooks.Documents;

/// <summary>One cell: a typed view of its JSON, in which every member the view does not know stays as it was.</summary>
public sealed class NotebookCell
{
    private static readonly string[] ForeignLanguageMembers = ["dotnet_interactive", "polyglot_notebook"];

    internal NotebookCell(JsonObject json, CellKind kind)
    {
        Json = json;
        Kind = kind;
    }

    /// <summary>The cell's JSON, owned by its notebook.</summary>
    public JsonObject Json { get; }

    public CellKind Kind { get; }

    /// <summary>The cell's id; null in notebooks older than nbformat 4.5.</summary>
    public string? Id => Json["id"] is JsonValue id && id.TryGetValue<string>(out var text) ? text : null;

    public string Source
    {
        get => Text(Json["source"]);
        set => Json["source"] = Lines(value);
    }

    /// <summary>How often the session had run a code cell when this one ran; null if it did not run.</summary>
    public int? ExecutionCount
    {
        get => Json["execution_count"] is JsonValue count && count.TryGetValue<int>(out var number) ? number : null;
        set => Json["execution_count"] = value;
    }

    /// <summary>The outputs of a code cell, as nbformat has them.</summary>
    public JsonArray Outputs
    {
        get
        {
            if (Json["outputs"] is JsonArray outputs) return outputs;
            outputs = [];
            Json["outputs"] = outputs;
            return outputs;
        }
    }

    public JsonObject Metadata
    {
        get
        {
            if (Json["metadata"] is JsonObject metadata) return metadata;
            metadata = [];
            Json["metadata"] = metadata;
            return metadata;
        }
    }

    /// <summary>The cell's tags, for instance <c>parameters</c> or <c>hide-input</c>.</summary>
    public IReadOnlyList<string> Tags =>
        Metadata["tags"] is JsonArray tags ? [.. tags.Select(tag => tag?.ToString() ?? "")] : [];

    /// <summary>The language a polyglot notebook gives this cell, null where it follows the notebook's.</summary>
    public string? Language =>
        ForeignLanguageMembers
            .Select(name => Metadata[name] as JsonObject)
            .Select(member => (member?["language"] ?? member?["kernelName"])?.ToString())
            .FirstOrDefault(language => language is not null);

    /// <summary>Joins nbformat's multi-line text, which is a string or a list of strings.</summary>
    public static string Text(JsonNode? node) => node switch
    {
        null => "",
        JsonArray lines => string.Concat(lines.Select(line => line?.ToString())),
        _ => node.ToString(),
    };

    /// <summary>Splits text into nbformat's list of lines, each with its newline.</summary>
    public static JsonArray Lines(string text)
    {
        var lines = new JsonArray();
        for (var start = 0; start < text.Length;)
        {
            var newline = text.IndexOf('\n', start);
            var end = newline < 0 ? text.Length : newline + 1;
            lines.Add((JsonNode)text[start..end]);
            start = end;
        }
        return lines;
    }
}
