using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Rlef.Notebooks.Documents;
using Rlef.Notebooks.Figures;

namespace Rlef.Notebooks.Publishing;

/// <summary>One notebook as one self-contained page, and what the index says of it.</summary>
internal sealed class Report
{
    private readonly Notebook _notebook;
    private readonly MarkdownMarkup _markdown;
    private readonly List<string> _warnings = [];

    /// <param name="link">Turns a link's target into the target within the site.</param>
    public Report(Notebook notebook, string path, Func<string, string> link)
    {
        _notebook = notebook;
        _markdown = new MarkdownMarkup(Path.GetDirectoryName(Path.GetFullPath(path))!, link);
        Name = Path.GetFileNameWithoutExtension(path);
        Title = notebook.Title ?? Name;
    }

    public string Name { get; }

    public string FileName => Name + ".html";

    public string Title { get; }

    public string Summary => _notebook.Cells.Where(cell => cell.Kind == CellKind.Markdown)
        .Select(cell => MarkdownMarkup.FirstParagraph(cell.Source)).FirstOrDefault(text => text.Length > 0) ?? "";

    public bool HasFigures => Outputs.Any(OutputMarkup.IsFigure);

    /// <summary>The first figure's static image, null if there is none.</summary>
    public string? Picture => Outputs.Where(OutputMarkup.IsFigure)
        .Where(output => output!["data"]!["image/svg+xml"] is not null)
        .Select(output => FigureMarkup.Fallback(FigureMarkup.Of((JsonObject)output!["data"]!)!, NotebookCell.Text(output["data"]!["image/svg+xml"]))).FirstOrDefault();

    /// <summary>What the page cannot show; complete once <see cref="Html"/> has made it.</summary>
    public IEnumerable<string> Warnings => _warnings.Concat(_markdown.Warnings);

    /// <summary>What a reader has to know before any figure: whether the run failed, and whether it was smaller than the one that conclusions need.</summary>
    public string Notes => string.Concat(new[] { Failure, Outputs.Select(RunSize.Reduced).FirstOrDefault(text => text is not null) }
        .Where(note => note is not null).Select(note => $"<p class=\"warn\" role=\"note\">{WebUtility.HtmlEncode(note)}</p>"));

    /// <summary>What is wrong with the run the report shows, null if nothing.</summary>
    private string? Failure
    {
        get
        {
            var code = Code.ToList();
            var failed = code.FindIndex(cell => cell.Outputs.Any(output => output?["output_type"]?.ToString() == "error"));
            if (failed >= 0) return $"The run failed at code cell {failed + 1}; the cells after it have not run.";
            var missing = code.Count(cell => cell.ExecutionCount is null && cell.Source.Trim().Length > 0);
            return missing > 0 ? $"{missing} of {code.Count} code cells have not been run." : null;
        }
    }

    private IEnumerable<NotebookCell> Code => _notebook.Cells.Where(cell => cell.Kind == CellKind.Code);

    private IEnumerable<JsonNode?> Outputs => Code.SelectMany(cell => cell.Outputs);

    /// <param name="plotly">plotly.js, needed when the report has figures.</param>
    /// <param name="home">The index page's title.</param>
    public string Html(string? plotly, string home)
    {
        var body = new StringBuilder();
        foreach (var cell in _notebook.Cells)
        {
            AppendCell(body, cell);
            if (cell == _notebook.Cells[0]) AppendAnswer(body);
        }
        return PageTemplate.WithContents(Title, _markdown.Headings, $"{Notes}\n{body}", HasFigures ? plotly : null, ("index.html", home),
            "<button id=\"toggle-code\" type=\"button\" aria-pressed=\"false\">Hide code</button>");
    }

    // What the cells tagged "answer" printed, for readers who want the result before the way to it.
    private void AppendAnswer(StringBuilder body)
    {
        var outputs = string.Concat(Code.Where(cell => cell.Tags.Contains("answer")).SelectMany(cell => cell.Outputs).Select(output => OutputMarkup.Html(output, _markdown)));
        if (outputs.Length > 0) body.Append($"<section class=\"answer outputs\" aria-label=\"Answer of this run\"><h2>This run's answer</h2>{outputs}</section>\n");
    }

    private void AppendCell(StringBuilder body, NotebookCell cell)
    {
        if (cell.Kind == CellKind.Markdown)
        {
            body.Append($"<div class=\"cell text\">{_markdown.Html(cell.Source, cell.Json["attachments"] as JsonObject)}</div>\n");
            return;
        }
        if (cell.Kind != CellKind.Code || cell.Source.Trim().Length == 0) return;
        var count = cell.ExecutionCount is { } number ? $"[{number}]" : "[ ]";
        var open = cell.Tags.Contains("hide-input") ? "" : " open";
        body.Append($"<div class=\"cell\"><details class=\"code\"{open}><summary>C# {count}</summary><pre><code>{CodeMarkup.Html(cell.Source)}</code></pre></details>");
        if (cell.Outputs.Any(OutputMarkup.HasScript))
            _warnings.Add($"an output of cell {count} has a script; pages run none of a notebook's.");
        if (cell.Outputs.Count > 0)
            body.Append($"<div class=\"outputs\">{string.Concat(cell.Outputs.Select(output => OutputMarkup.Html(output, _markdown)))}</div>");
        body.Append("</div>\n");
    }
}
