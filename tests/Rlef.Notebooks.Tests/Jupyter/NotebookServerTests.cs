using System.IO.Pipelines;
using System.Text;
using System.Text.Json.Nodes;
using Rlef.Notebooks.Jupyter;
using Rlef.Notebooks.Tests.Figures;

namespace Rlef.Notebooks.Tests.Jupyter;

[Collection("plotly.js")]
public sealed class NotebookServerTests : IAsyncDisposable
{
    private readonly Pipe _requests = new();
    private readonly Pipe _answers = new();
    private readonly StreamWriter _writer;
    private readonly StreamReader _reader;
    private readonly Task _server;
    private int _id;

    public NotebookServerTests()
    {
        _writer = new StreamWriter(_requests.Writer.AsStream(), new UTF8Encoding(false)) { AutoFlush = true };
        _reader = new StreamReader(_answers.Reader.AsStream());
        _server = NotebookServer.RunAsync(_requests.Reader.AsStream(), _answers.Writer.AsStream(), AppContext.BaseDirectory);
    }

    public async ValueTask DisposeAsync()
    {
        await _writer.DisposeAsync();
        await _server;
        _reader.Dispose();
    }

    [Fact]
    public async Task A_cell_answers_with_what_it_shows_and_then_done()
    {
        var events = await AskAsync(new JsonObject { ["do"] = "execute", ["code"] = "Console.Write(\"ü😀\"); var d = display(1); d.Update(2); 3" });
        Assert.Equal(["stream", "display", "update", "result", "done"], events.Select(answer => answer["event"]!.ToString()));
        Assert.Equal("ü😀", events[0]["text"]!.ToString());
        Assert.Equal(events[1]["display_id"]!.ToString(), events[2]["display_id"]!.ToString());
        Assert.Equal("3", events[3]["data"]!["text/plain"]!.ToString());
        Assert.Null(events[4]["error"]);
    }

    [Fact]
    public async Task An_error_carries_its_report_under_the_cells_name()
    {
        var done = (await AskAsync(new JsonObject { ["do"] = "execute", ["code"] = "\nthrow new Exception(\"no\");", ["name"] = "Cell 7" }))[^1];
        Assert.Equal("System.Exception", done["error"]!["name"]!.ToString());
        Assert.Equal("Cell 7, line 2: System.Exception: no", done["error"]!["traceback"]![0]!.ToString());
    }

    [Fact]
    public async Task A_running_cell_is_interrupted_and_the_session_goes_on()
    {
        await SendAsync(new JsonObject
        {
            ["do"] = "execute",
            ["code"] = "var kept = 4;\nConsole.WriteLine(\"waiting\");\nawait Task.Delay(-1, Rlef.Notebooks.Engine.CellCancellation.Token);",
        });
        Assert.Equal("waiting\n", (await ReadAsync())["text"]!.ToString());
        await _writer.WriteLineAsync("{\"do\": \"interrupt\"}");
        Assert.Equal("Interrupted", (await ReadAsync())["error"]!["name"]!.ToString());
        Assert.Equal("5", (await AskAsync(new JsonObject { ["do"] = "execute", ["code"] = "kept + 1" }))[0]["data"]!["text/plain"]!.ToString());
    }

    [Fact]
    public async Task A_growing_figure_gets_its_static_image_when_its_cell_is_done()
    {
        Needs.Browser();
        var events = await AskAsync(new JsonObject
        {
            ["do"] = "execute",
            ["code"] = $$"""
                #r "{{typeof(Charts).Assembly.Location}}"
                using Rlef.Notebooks;
                var live = display(Charts.Lines("t", "x", "y", [new Curve("real", [1], [new Estimate(1, 0, 2)])]));
                for (var n = 2; n < 5; n++) live.Update(Charts.Lines("t", "x", "y", [new Curve("real", [1, n], [new Estimate(1, 0, 2), new Estimate(n, 0, 5)])]));
                """,
        });
        Assert.Equal(["display", "update", "update", "update", "update", "done"], events.Select(answer => answer["event"]!.ToString()));
        Assert.All([0, 4], i => Assert.NotNull(events[i]["data"]!["image/svg+xml"]));
        Assert.All([1, 2, 3], i => Assert.Null(events[i]["data"]!["image/svg+xml"]));
        Assert.Equal(events[3]["data"]!["application/vnd.plotly.v1+json"]!.ToJsonString(), events[4]["data"]!["application/vnd.plotly.v1+json"]!.ToJsonString());
    }

    [Fact]
    public async Task Names_are_completed_from_earlier_cells_and_types()
    {
        await AskAsync(new JsonObject { ["do"] = "execute", ["code"] = "var learningRate = 0.1; var words = new List<string>();" });
        Assert.Contains("learningRate", await CompleteAsync("var x = learn", 13));
        Assert.Equal(["AddRange"], await CompleteAsync("words.AddRa", 11));
        Assert.Contains("Select", await CompleteAsync("words.Sel", 9));
        Assert.DoesNotContain("Parse", await CompleteAsync("1.P", 3));
        Assert.Contains("Parse", await CompleteAsync("int.Par", 7));
    }

    [Theory]
    [InlineData("var x = 1;", true)]
    [InlineData("void F() {", false)]
    public async Task Whether_a_cell_is_complete_is_the_parsers_word(string code, bool complete) =>
        Assert.Equal(complete, (await AskAsync(new JsonObject { ["do"] = "is_complete", ["code"] = code }))[0]["complete"]!.GetValue<bool>());

    [Fact]
    public async Task What_is_no_request_is_refused_and_the_session_goes_on()
    {
        await _writer.WriteLineAsync("no json");
        Assert.Equal("refused", (await ReadAsync())["event"]!.ToString());
        Assert.Equal("unknown request 'dance'", (await AskAsync(new JsonObject { ["do"] = "dance" }))[0]["error"]!["message"]!.ToString());
        Assert.Equal("1", (await AskAsync(new JsonObject { ["do"] = "execute", ["code"] = "1" }))[0]["data"]!["text/plain"]!.ToString());
    }

    private async Task<string[]> CompleteAsync(string code, int cursor)
    {
        var answer = (await AskAsync(new JsonObject { ["do"] = "complete", ["code"] = code, ["cursor"] = cursor }))[0];
        return [.. answer["matches"]!.AsArray().Select(match => match!.ToString())];
    }

    private async Task<List<JsonNode>> AskAsync(JsonObject request)
    {
        await SendAsync(request);
        var events = new List<JsonNode>();
        do events.Add(await ReadAsync());
        while (events[^1]["event"]!.ToString() != "done");
        Assert.All(events, answer => Assert.Equal(_id, answer["id"]!.GetValue<int>()));
        return events;
    }

    private Task SendAsync(JsonObject request)
    {
        request["id"] = ++_id;
        return _writer.WriteLineAsync(request.ToJsonString());
    }

    private async Task<JsonNode> ReadAsync() =>
        JsonNode.Parse(await _reader.ReadLineAsync(TestContext.Current.CancellationToken) ?? throw new EndOfStreamException("the server ended"))!;
}
