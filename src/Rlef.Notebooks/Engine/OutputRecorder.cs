using System.Text;
using System.Text.Json.Nodes;
using Microsoft.DotNet.Interactive.Events;
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

    /// <summary>Records what the kernel says, if it is something shown.</summary>
    public void Add(KernelEvent shown, int executionCount)
    {
        switch (shown)
        {
            case StandardOutputValueProduced text:
                AddStream("stdout", Text(text));
                break;
            case StandardErrorValueProduced text:
                AddStream("stderr", Text(text));
                break;
            case DisplayedValueUpdated update:
                if (_displays.TryGetValue(update.ValueId, out var shownBefore)) shownBefore["data"] = Data(update);
                break;
            case ReturnValueProduced result:
                AddOutput(new JsonObject
                {
                    ["data"] = Data(result), ["execution_count"] = executionCount, ["metadata"] = new JsonObject(), ["output_type"] = "execute_result",
                });
                break;
            case DisplayedValueProduced display:
                var output = new JsonObject { ["data"] = Data(display), ["metadata"] = new JsonObject(), ["output_type"] = "display_data" };
                if (display.ValueId is { } id) _displays[id] = output;
                AddOutput(output);
                break;
        }
    }

    /// <summary>Records why the cell failed.</summary>
    public void Add(CellError error) => AddOutput(new JsonObject
    {
        ["ename"] = error.Name, ["evalue"] = error.Message, ["output_type"] = "error",
        ["traceback"] = new JsonArray([.. error.Traceback.Select(line => (JsonNode)line)]),
    });

    /// <summary>Ends the stream being written.</summary>
    public void Flush()
    {
        if (_stream.Length > StreamLimit) _stream.Remove(StreamLimit, 1).Append($"\n… the rest was left out, an output keeps {StreamLimit} characters.\n");
        if (_openStream is not null) _openStream["text"] = NotebookCell.Lines(_stream.Replace("\r\n", "\n").ToString());
        _openStream = null;
        _stream.Clear();
    }

    private void AddStream(string name, string text)
    {
        if (_openStream?["name"]?.ToString() != name)
        {
            Flush();
            _openStream = new JsonObject { ["name"] = name, ["output_type"] = "stream", ["text"] = new JsonArray() };
            _cell!.Outputs.Add((JsonNode)_openStream);
        }
        // One character over the limit is enough to know that some were left out.
        _stream.Append(text.AsSpan(0, Math.Min(text.Length, StreamLimit + 1 - _stream.Length)));
    }

    private void AddOutput(JsonObject output)
    {
        Flush();
        _cell!.Outputs.Add((JsonNode)output);
    }

    private static JsonObject Data(DisplayEvent shown) => MimeBundle.Of(shown.FormattedValues).ToJson();

    private static string Text(DisplayEvent shown) => shown.FormattedValues.FirstOrDefault(value => value.MimeType == "text/plain")?.Value ?? "";
}
