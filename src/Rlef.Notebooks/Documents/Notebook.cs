using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Rlef.Storage;

namespace Rlef.Notebooks.Documents;

/// <summary>
/// A Jupyter notebook, nbformat 4 (https://nbformat.readthedocs.io): a typed view of its JSON. What the view does not know is
/// kept, in its order, and written back as Jupyter writes it.
/// </summary>
public sealed class Notebook
{
    private readonly JsonObject _root;
    private readonly List<NotebookCell> _cells;

    private Notebook(JsonObject root, List<NotebookCell> cells)
    {
        _root = root;
        _cells = cells;
    }

    public IReadOnlyList<NotebookCell> Cells => _cells;

    public JsonObject Metadata => (JsonObject)_root["metadata"]!;

    /// <summary>The language its kernel speaks, null if the notebook does not say.</summary>
    public string? Language =>
        ((Metadata["kernelspec"] as JsonObject)?["language"]
            ?? ((Metadata["polyglot_notebook"] as JsonObject)?["kernelInfo"] as JsonObject)?["defaultKernelName"]
            ?? (Metadata["language_info"] as JsonObject)?["name"])?.ToString();

    /// <summary>The first heading of its text, null if there is none.</summary>
    public string? Title =>
        _cells.Where(cell => cell.Kind == CellKind.Markdown)
            .SelectMany(cell => cell.Source.Split('\n'))
            .FirstOrDefault(line => line.StartsWith("# ", StringComparison.Ordinal))?[2..].Trim();

    /// <summary>An empty C# notebook, nbformat 4.5.</summary>
    public static Notebook Create() => new(new JsonObject
    {
        ["cells"] = new JsonArray(),
        ["metadata"] = new JsonObject
        {
            ["kernelspec"] = new JsonObject
            {
                ["display_name"] = ".NET (C#)",
                ["language"] = "C#",
                ["name"] = ".net-csharp",
            },
            ["language_info"] = new JsonObject
            {
                ["file_extension"] = ".cs",
                ["mimetype"] = "text/x-csharp",
                ["name"] = "csharp",
                ["pygments_lexer"] = "csharp",
            },
        },
        ["nbformat"] = 4,
        ["nbformat_minor"] = 5,
    }, []);

    /// <summary>Appends a cell. Its id follows from its place, so that the same notebook made twice is the same file.</summary>
    public NotebookCell Add(CellKind kind, string source)
    {
        var json = new JsonObject { ["cell_type"] = kind.ToString().ToLowerInvariant() };
        if (kind == CellKind.Code) json["execution_count"] = null;
        if (_root["nbformat_minor"]!.GetValue<int>() >= 5) json["id"] = FreshId();
        json["metadata"] = new JsonObject();
        if (kind == CellKind.Code) json["outputs"] = new JsonArray();
        json["source"] = NotebookCell.Lines(source);
        ((JsonArray)_root["cells"]!).Add((JsonNode)json);
        var cell = new NotebookCell(json, kind);
        _cells.Add(cell);
        return cell;
    }

    private static readonly SearchValues<char> OfIds = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

    /// <summary>
    /// Gives every cell an id that no other has, as nbformat 4.5 wants it: one that is missing or no such id is made, of two that are
    /// equal the second is made anew. Older notebooks have no ids.
    /// </summary>
    public void CompleteIds()
    {
        if (_root["nbformat_minor"]!.GetValue<int>() < 5) return;
        var taken = new HashSet<string>(StringComparer.Ordinal);
        foreach (var cell in _cells)
            if (cell.Id is not { Length: > 0 and <= 64 } id || id.AsSpan().ContainsAnyExcept(OfIds) || !taken.Add(id))
            {
                cell.Json["id"] = FreshId();
                taken.Add(cell.Id!);
            }
    }

    /// <exception cref="NotebookFormatException">The file is no nbformat 4 notebook.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static Notebook Load(string path) => Parse(Utf8File.Read(path), path);

    /// <param name="name">What errors call the text, usually its file.</param>
    /// <exception cref="NotebookFormatException">The text is no nbformat 4 notebook.</exception>
    public static Notebook Parse(string json, string name = "notebook")
    {
        JsonNode? node;
        try
        {
            node = JsonNode.Parse(json, documentOptions: new JsonDocumentOptions { AllowDuplicateProperties = false });
        }
        catch (JsonException e)
        {
            var place = e.LineNumber is { } line ? $", line {line + 1}, byte {e.BytePositionInLine + 1}" : "";
            throw new NotebookFormatException(
                $"{name}{place}: not JSON, so not a notebook. Restore the file, or save it again from the editor that wrote it.", e);
        }
        if (node is not JsonObject root || root["cells"] is null && root["nbformat"] is null)
            throw new NotebookFormatException($"{name}: JSON, but no notebook: at $ an object with 'cells' and 'nbformat' is expected.");
        if (Integer(root["nbformat"]) is not 4)
            throw new NotebookFormatException(
                $"{name}: at $.nbformat 4 is expected, found {root["nbformat"]?.ToJsonString() ?? "nothing"}. " +
                "Convert the file with: jupyter nbconvert --to notebook --nbformat 4 FILE");
        if (Integer(root["nbformat_minor"]) is null)
            throw new NotebookFormatException($"{name}: at $.nbformat_minor a number is expected.");
        if (root["metadata"] is not JsonObject)
            throw new NotebookFormatException($"{name}: at $.metadata an object is expected.");
        if (root["cells"] is not JsonArray cells)
            throw new NotebookFormatException($"{name}: at $.cells an array is expected.");
        return new Notebook(root, [.. cells.Select((cell, i) => ParseCell(cell, i, name))]);
    }

    /// <summary>The notebook's text, formatted as Jupyter formats it.</summary>
    public override string ToString() => NotebookJson.Write(_root);

    /// <summary>Writes the file whole or not at all: a temporary file beside it, synced, then renamed over it.</summary>
    /// <exception cref="IOException">The file cannot be written; the old one is untouched.</exception>
    public void Save(string path) => AtomicFile.WriteShared(path, stream => stream.Write(Encoding.UTF8.GetBytes(ToString())));

    private static NotebookCell ParseCell(JsonNode? node, int index, string name)
    {
        if (node is not JsonObject cell) throw new NotebookFormatException($"{name}: at $.cells[{index}] an object is expected.");
        CellKind? kind = cell["cell_type"]?.ToString() switch
        {
            "code" => CellKind.Code,
            "markdown" => CellKind.Markdown,
            "raw" => CellKind.Raw,
            _ => null,
        };
        if (kind is null)
            throw new NotebookFormatException(
                $"{name}: at $.cells[{index}].cell_type 'code', 'markdown' or 'raw' is expected, " +
                $"found {cell["cell_type"]?.ToJsonString() ?? "nothing"}.");
        if (!IsText(cell["source"]))
            throw new NotebookFormatException($"{name}: at $.cells[{index}].source a string or a list of strings is expected.");
        if (kind == CellKind.Code && cell["outputs"] is not (JsonArray or null))
            throw new NotebookFormatException($"{name}: at $.cells[{index}].outputs an array is expected.");
        if (kind == CellKind.Code && (cell["outputs"] as JsonArray)?.ToList().FindIndex(output => output is not JsonObject) is { } odd and >= 0)
            throw new NotebookFormatException($"{name}: at $.cells[{index}].outputs[{odd}] an object is expected.");
        return new NotebookCell(cell, kind.Value);
    }

    private string FreshId()
    {
        for (var i = _cells.Count + 1; ; i++)
        {
            var id = $"cell-{i}";
            if (_cells.TrueForAll(cell => cell.Id != id)) return id;
        }
    }

    private static int? Integer(JsonNode? node) => node is JsonValue value && value.TryGetValue<int>(out var number) ? number : null;

    private static bool IsText(JsonNode? node) => node switch
    {
        JsonArray lines => lines.All(line => line?.GetValueKind() == JsonValueKind.String),
        _ => node?.GetValueKind() == JsonValueKind.String,
    };
}
