using System.Text.Json.Nodes;
using Rlef.Notebooks.Documents;
using Rlef.Notebooks.Figures;
using Rlef.Notebooks.Publishing;

namespace Rlef.Notebooks.Tests.Figures;

public sealed class FigureMarkupTests
{
    private const string Figure = """{"data":[{"name":"real","type":"scatter"}],"layout":{"title":{"text":"Solved"}}}""";

    public static TheoryData<string> AsKept => [Figure, JsonValue.Create(Figure)!.ToJsonString(), $"[{JsonValue.Create(Figure)!.ToJsonString()}]"];

    [Theory]
    [InlineData("\"str\"")]
    [InlineData("7")]
    [InlineData("""{"data":[],"layout":[]}""")]
    [InlineData("""{"data":[1],"layout":{}}""")]
    public void What_is_no_figure_is_none(string json) => Assert.Null(FigureMarkup.Of(new JsonObject { [FigureMarkup.MimeType] = JsonNode.Parse(json) }));

    [Theory]
    [MemberData(nameof(AsKept))]
    public async Task A_report_has_the_figure_however_the_front_end_kept_its_json(string kept)
    {
        var folder = Directory.CreateTempSubdirectory("rlef-figure-");
        try
        {
            var notebook = Notebook.Create();
            notebook.Add(CellKind.Code, "chart").Outputs.Add(new JsonObject
            {
                ["data"] = new JsonObject { [FigureMarkup.MimeType] = JsonNode.Parse(kept), ["image/svg+xml"] = "<svg/>" },
                ["metadata"] = new JsonObject(), ["output_type"] = "display_data",
            });
            var path = Path.Combine(folder.FullName, "figure.ipynb");
            notebook.Save(path);
            var site = await Publisher.PublishAsync([path], Path.Combine(folder.FullName, "site"), "Test", TestContext.Current.CancellationToken);
            Assert.Contains("Figure: Solved; real", File.ReadAllText(site.Reports[0]), StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
