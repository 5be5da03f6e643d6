using System.Text;
using System.Text.Json.Nodes;
using Rlef.Notebooks.Documents;

namespace Rlef.Notebooks.Engine;

/// <summary>Writes what cells show into their notebook: streams merged, updates in the place of what they update.</summary>
internal sealed class OutputRecorder
{
    /// <summary>Characters one stream output keeps; a notebook is for reading.</summary>
    private const int StreamLimit = 1 << 20;

    private readonly Dictionary<string, JsonObject> _displays = new(StringComparer.Ordinal);
    private readonly StringBuilder _stream = new();
    private NotebookCell? _cell;
    private JsonObject? _openStream;

    public void Begin(NotebookCell cell)
    {
        Flush();
        _cell = cell;
    }

    public void Add(CellEvent shown, int executionCount)
    {
        if (shown is CellEvent.Stream stream)
        {
            if (_openStream?["name"]?.ToString() != stream.Name)
            {
                Flush();
                _openStream = new JsonObject { ["name"] = stream.Name, ["output_type"] = "stream", ["text"] = new JsonArray() };
                _cell!.Outputs.Add((JsonNode)_openStream);
            }
            // One character over the limit is enough to know that some were left out.
            _stream.Append(stream.Text.AsSpan(0, Math.Min(stream.Text.Length, StreamLimit + 1 - _stream.Length)));
            return;
        }
        if (shown is CellEvent.Update update)
        {
            if (_displays.TryGetValue(update.DisplayId, out var shownBefore)) shownBefore["data"] = update.Data.ToJson();
            return;
        }
        Flush();
        var output = shown switch
        {
            CellEvent.Display display => _displays[display.DisplayId] = new JsonObject
            {
                ["data"] = display.Data.ToJson(), ["metadata"] = new JsonObject(), ["output_type"] = "display_data",
            },
            CellEvent.Result result => new JsonObject
            {
                ["data"] = result.Data.ToJson(), ["execution_count"] = executionCount, ["metadata"] = new JsonObject(),
                ["output_type"] = "execute_result",
            },
            CellEvent.Failed failed => new JsonObject
            {
                ["ename"] = failed.Error.Name, ["evalue"] = failed.Error.Message, ["output_type"] = "error",
                ["traceback"] = new JsonArray([.. failed.Error.Traceback.Select(line => (JsonNode)line)]),
            },
            _ => throw new ArgumentOutOfRangeException(nameof(shown), shown, null),
        };
        _cell!.Outputs.Add((JsonNode)output);
    }

    /// <summary>Ends the stream being written.</summary>
    public void Flush()
    {
        if (_stream.Length > StreamLimit) _stream.Remove(StreamLimit, 1).Append($"\n… the rest was left out, an output keeps {StreamLimit} characters.\n");
        if (_openStream is not null) _openStream["text"] = NotebookCell.Lines(_stream.Replace("\r\n", "\n").ToString());
        _openStream = null;
        _stream.Clear();
    }
}
