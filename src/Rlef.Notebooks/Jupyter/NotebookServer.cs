using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Rlef.Notebooks.Engine;
using Rlef.Notebooks.Figures;

namespace Rlef.Notebooks.Jupyter;

/// <summary>
/// The engine behind a pair of streams, one JSON object a line. Requests: <c>{"id", "do": "execute", "code", "name"}</c>,
/// <c>{"id", "do": "complete", "code", "cursor"}</c>, <c>{"id", "do": "is_complete", "code"}</c> and, at any time,
/// <c>{"do": "interrupt"}</c>. Answers carry the id: <c>stream</c>, <c>display</c>, <c>update</c> and <c>result</c> as they happen,
/// then one <c>done</c>. The end of the input ends the server.
/// </summary>
public sealed class NotebookServer
{
    private static readonly JsonSerializerOptions Line = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private readonly NotebookEngine _engine;
    private readonly TextWriter _output;
    private readonly Lock _writing = new();
    private readonly Dictionary<string, JsonObject> _updatedFigures = new(StringComparer.Ordinal);
    private CancellationTokenSource? _cell;

    private NotebookServer(NotebookEngine engine, TextWriter output)
    {
        _engine = engine;
        _output = output;
    }

    /// <summary>Serves one session on the process's own standard input and output; call it before anything else is printed.</summary>
    /// <param name="folder">Where relative paths of <c>#r</c> start.</param>
    public static async Task RunOnConsoleAsync(string folder, CancellationToken cancellation = default)
    {
        // The protocol owns both streams: a cell reads nothing from the one, and text from outside cells goes to the error stream.
        Console.SetIn(TextReader.Null);
        Console.SetOut(Console.Error);
        await RunAsync(Console.OpenStandardInput(), Console.OpenStandardOutput(), folder, cancellation).ConfigureAwait(false);
    }

    /// <summary>Serves one session.</summary>
    /// <param name="folder">Where relative paths of <c>#r</c> start.</param>
    public static async Task RunAsync(Stream input, Stream output, string folder, CancellationToken cancellation = default)
    {
        using var reader = new StreamReader(input, Encoding.UTF8);
        await using var writer = new StreamWriter(output, new UTF8Encoding(false)) { AutoFlush = true };
        using var engine = new NotebookEngine(folder);
        await new NotebookServer(engine, writer).ServeAsync(reader, cancellation).ConfigureAwait(false);
    }

    private async Task ServeAsync(StreamReader reader, CancellationToken cancellation)
    {
        var requests = Channel.CreateUnbounded<JsonObject>();
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var working = WorkAsync(requests.Reader, end.Token);
        while (await reader.ReadLineAsync(cancellation).ConfigureAwait(false) is { } line)
        {
            if (Parse(line) is not { } request) Send(null, "refused", new JsonObject { ["message"] = "a JSON object with 'do' is expected" });
            else if (request["do"]!.ToString() == "interrupt") Interrupt();
            else await requests.Writer.WriteAsync(request, cancellation).ConfigureAwait(false);
        }
        requests.Writer.Complete();
        await end.CancelAsync().ConfigureAwait(false);
        await working.ConfigureAwait(false);
    }

    private async Task WorkAsync(ChannelReader<JsonObject> requests, CancellationToken end)
    {
        try
        {
            await foreach (var request in requests.ReadAllAsync(end).ConfigureAwait(false))
            {
                var id = request["id"];
                var code = request["code"]?.ToString() ?? "";
                switch (request["do"]!.ToString())
                {
                    case "execute":
                        await ExecuteAsync(id, code, request["name"]?.ToString(), end).ConfigureAwait(false);
                        break;
                    case "complete":
                        var (matches, length) = Completions.At(_engine, code, request["cursor"]?.GetValue<int>() ?? code.Length);
                        Send(id, "done", new JsonObject { ["matches"] = new JsonArray([.. matches.Select(match => (JsonNode)match)]), ["length"] = length });
                        break;
                    case "is_complete":
                        Send(id, "done", new JsonObject { ["complete"] = Completions.IsComplete(code) });
                        break;
                    case var unknown:
                        Send(id, "done", new JsonObject { ["error"] = Error(new CellError("Protocol", $"unknown request '{unknown}'", null, [$"unknown request '{unknown}'"])) });
                        break;
                }
            }
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
        }
    }

    private async Task ExecuteAsync(JsonNode? id, string code, string? name, CancellationToken end)
    {
        using var cell = CancellationTokenSource.CreateLinkedTokenSource(end);
        Interlocked.Exchange(ref _cell, cell);
        CellResult result;
        try
        {
            result = await _engine.ExecuteAsync(code, shown => Show(id, shown), cellName: name, cancellation: cell.Token).ConfigureAwait(false);
        }
        finally
        {
            Interlocked.Exchange(ref _cell, null);
        }
        // A figure that grew gets its static image once, when its cell is done.
        foreach (var (display, data) in _updatedFigures)
        {
            AddImage(data);
            Send(id, "update", new JsonObject { ["display_id"] = display, ["data"] = data });
        }
        _updatedFigures.Clear();
        Send(id, "done", new JsonObject { ["error"] = result.Error is null ? null : Error(result.Error) });
    }

    private void Show(JsonNode? id, CellEvent shown)
    {
        switch (shown)
        {
            case CellEvent.Stream stream:
                Send(id, "stream", new JsonObject { ["name"] = stream.Name, ["text"] = stream.Text });
                break;
            case CellEvent.Display display:
                Send(id, "display", new JsonObject { ["display_id"] = display.DisplayId, ["data"] = WithImage(display.Data) });
                break;
            case CellEvent.Update update:
                Send(id, "update", new JsonObject { ["display_id"] = update.DisplayId, ["data"] = Data(update.Data) });
                if (update.Data.Data.ContainsKey(FigureMarkup.MimeType)) _updatedFigures[update.DisplayId] = Data(update.Data);
                break;
            case CellEvent.Result result:
                Send(id, "result", new JsonObject { ["data"] = WithImage(result.Data) });
                break;
        }
    }

    private void Interrupt()
    {
        try
        {
            Volatile.Read(ref _cell)?.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The cell ended in this moment.
        }
    }

    private void Send(JsonNode? id, string name, JsonObject message)
    {
        message["id"] = id?.DeepClone();
        message["event"] = name;
        lock (_writing) _output.WriteLine(message.ToJsonString(Line));
    }

    private static JsonObject? Parse(string line)
    {
        try
        {
            return JsonNode.Parse(line) is JsonObject request && request["do"] is not null ? request : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static JsonObject WithImage(MimeBundle bundle)
    {
        var data = Data(bundle);
        if (data.ContainsKey(FigureMarkup.MimeType)) AddImage(data);
        return data;
    }

    private static void AddImage(JsonObject data)
    {
        var figure = data[FigureMarkup.MimeType]!;
        if (StaticFigures.DrawAsync([figure]).GetAwaiter().GetResult().Images[0] is not { } svg) return;
        data["image/svg+xml"] = svg;
        data["text/html"] = FigureMarkup.Html(figure, svg);
    }

    private static JsonObject Data(MimeBundle bundle)
    {
        var data = new JsonObject();
        foreach (var (mimeType, value) in bundle.Data) data[mimeType] = value.DeepClone();
        return data;
    }

    private static JsonObject Error(CellError error) => new()
    {
        ["name"] = error.Name, ["message"] = error.Message, ["traceback"] = new JsonArray([.. error.Traceback.Select(line => (JsonNode)line)]),
    };
}
