using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Data.Analysis;
using Plotly.NET;
using Rlef.Notebooks.Figures;
using Rlef.Notebooks.Publishing;
using Rlef.Storage;

namespace Rlef.Notebooks;

/// <summary>
/// A training run, or several beside each other, as one self-contained page: what was run, how it went, and what was said. Beside it the metrics as CSV. A
/// run that is under way is shown as far as it is.
/// </summary>
/// <param name="Page">The page.</param>
/// <param name="Metrics"><c>metrics.csv</c> beside the page, or <c>NAME.metrics.csv</c> beside a page that was named: one line an update, one column a metric,
/// empty where an update lacks it; of several runs the first column names the run.</param>
/// <param name="Notice">What the user should know though nothing failed; null if there is nothing.</param>
public sealed record RunReport(string Page, string Metrics, string? Notice)
{
    /// <summary>Updates whose dialogues a page shows, of all its runs together.</summary>
    private const int ShownUpdates = 20;

    /// <param name="runs">Folders of runs, in the order of the page.</param>
    /// <param name="page">The page's file, replaced if it is there; null for <c>report.html</c> in the run's folder, or of several runs in the folder that holds the first.</param>
    /// <exception cref="IOException">There is no such run, or the page cannot be written.</exception>
    /// <exception cref="InvalidDataException">A folder holds no run, one without an update, or a damaged file; the message names it.</exception>
    /// <exception cref="ArgumentException">No run is given, or one twice.</exception>
    public static async Task<RunReport> WriteAsync(IReadOnlyList<string> runs, string? page = null, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfZero(runs.Count, nameof(runs));
        List<ShownRun> shown = [.. runs.Zip(ShownRun.Names(runs), ShownRun.Load)];
        var first = shown[0].Folder.Path;
        var named = page is not null;
        page = Path.GetFullPath(page ?? Path.Combine(shown.Count == 1 ? first : Path.GetDirectoryName(first)!, "report.html"));
        var metrics = named ? Path.ChangeExtension(page, ".metrics.csv") : Path.Combine(Path.GetDirectoryName(page)!, "metrics.csv");

        var figures = RunFigures.Of(shown).Select(figure => (figure.Section, Json: JsonNode.Parse(GenericChart.toJson(figure.Chart))!)).ToList();
        var drawing = await StaticFigures.DrawAsync([.. figures.Select(figure => figure.Json)], cancellation).ConfigureAwait(false);
        var html = Html(shown, [.. figures.Zip(drawing.Images, (figure, svg) => (figure.Section, OutputMarkup.Figure(figure.Json, svg)))]);
        Directory.CreateDirectory(Path.GetDirectoryName(page)!);
        AtomicFile.WriteText(page, html);
        var frame = shown.Count == 1 ? shown[0].Metrics.ToDataFrame() : shown.Select(run => (run.Name, run.Metrics)).ToDataFrame();
        AtomicFile.Write(metrics, stream => DataFrame.SaveCsv(frame, stream, cultureInfo: CultureInfo.InvariantCulture));
        return new(page, metrics, drawing.Notice);
    }

    private static string Html(IReadOnlyList<ShownRun> runs, IReadOnlyList<(string Section, string Html)> figures)
    {
        var body = new StringBuilder();
        var headings = new List<(int Level, string Id, string Text)>();
        var title = (runs.Count == 1 ? "Run " : "Runs ") + string.Join(", ", runs.Select(run => run.Name));
        Heading(1, title);
        foreach (var run in runs.Where(run => run.Metrics.Count < run.Planned))
            body.Append($"<p class=\"warn\" role=\"note\">{Encode(run.Name)}: {run.Metrics.Count} of {run.Planned} updates so far.</p>");
        Show(RunTables.Overview(runs));

        Heading(2, "Recipe");
        if (RunTables.Differences(runs) is { } differences) Show(differences);
        else body.Append("<p>No setting differs from the nano preset.</p>");
        foreach (var run in runs)
            body.Append($"<details class=\"recipe\"><summary>{Encode(run.Name)}: the whole recipe, config.json</summary><pre>{Encode(run.RecipeText)}</pre></details>");

        if (RunTables.Results(runs).ToList() is { Count: > 0 } results)
        {
            Heading(2, "Held-out problems");
            results.ForEach(Show);
        }

        foreach (var section in figures.GroupBy(figure => figure.Section))
        {
            Heading(2, section.Key);
            if (section.Key == figures[0].Section)
                body.Append("<p>Thick lines are means of the last five points, faint ones the points themselves: " +
                    "an update each, or in a run of more than 500 updates the mean of neighbouring ones.</p>");
            body.Append($"<div class=\"curves\">{string.Concat(section.Select(figure => figure.Html))}</div>");
        }

        Heading(2, "What was said");
        foreach (var run in runs)
        {
            if (runs.Count > 1) Heading(3, run.Name);
            body.Append(RunDialogues.Html(run, Math.Max(2, ShownUpdates / runs.Count)) ?? "<p>The run kept no dialogues.</p>");
        }
        return PageTemplate.WithContents(title, headings, body.ToString(), PlotlyScript.Text);

        void Heading(int level, string text)
        {
            var id = $"section-{headings.Count + 1}";
            headings.Add((level, id, text));
            body.Append($"<h{level} id=\"{id}\">{Encode(text)}</h{level}>");
        }

        void Show(Table table) => body.Append($"<div class=\"rich\" tabindex=\"0\">{table.ToHtml()}</div>");
    }

    private static string Encode(string text) => WebUtility.HtmlEncode(text);
}
