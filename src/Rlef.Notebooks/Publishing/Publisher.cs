using System.Net;
using Rlef.Notebooks.Documents;
using Rlef.Notebooks.Figures;
using Rlef.Storage;

namespace Rlef.Notebooks.Publishing;

/// <summary>
/// Turns executed notebooks into a static site: one self-contained page a notebook, with plotly.js inside once, and an index. It
/// opens from a folder with no network. Nothing is run.
/// </summary>
public static class Publisher
{
    /// <param name="notebooks">Notebook files, in the order of the index.</param>
    /// <param name="outputFolder">Created if need be; pages of the same name are replaced.</param>
    /// <param name="title">The site's title.</param>
    /// <exception cref="NotebookFormatException">A file is no notebook.</exception>
    /// <exception cref="FileNotFoundException">A notebook is missing.</exception>
    /// <exception cref="ArgumentException">Two notebooks would become the same page, or the folder is a file.</exception>
    public static async Task<PublishedSite> PublishAsync(
        IReadOnlyList<string> notebooks, string outputFolder, string title = "Rlef", CancellationToken cancellation = default)
    {
        Folder.Check(outputFolder);
        var names = notebooks.Select(path => Path.GetFileNameWithoutExtension(path)).ToHashSet(StringComparer.OrdinalIgnoreCase);
        if (names.Count < notebooks.Count || names.Contains("index"))
            throw new ArgumentException("Every notebook needs a name of its own, other than 'index', to become a page.", nameof(notebooks));
        var documents = notebooks.Select(path => (Path: path, Notebook: Notebook.Load(path))).ToList();
        var warnings = new List<string>();
        foreach (var (_, notebook) in documents)
            if (await NotebookFigures.AddImagesAsync(notebook, cancellation).ConfigureAwait(false) is { } notice && !warnings.Contains(notice)) warnings.Add(notice);
        var reports = documents.Select(document => new Report(document.Notebook, document.Path, Link)).ToList();
        var plotly = reports.Exists(report => report.HasFigures) ? PlotlyScript.Text : null;

        Directory.CreateDirectory(outputFolder);
        var pages = new List<string>();
        foreach (var report in reports) pages.Add(Write(report.FileName, report.Html(plotly, title)));
        var index = Write("index.html", Index(reports, title));
        warnings.AddRange(reports.SelectMany(report => report.Warnings.Select(warning => $"{report.Name}: {warning}")));
        return new PublishedSite(index, pages, warnings);

        string Link(string url)
        {
            var (file, fragment) = url.IndexOf('#') is var hash and >= 0 ? (url[..hash], url[hash..]) : (url, "");
            return file.EndsWith(".ipynb", StringComparison.OrdinalIgnoreCase) && !file.Contains(':') && names.Contains(Path.GetFileNameWithoutExtension(file))
                ? Path.GetFileNameWithoutExtension(file) + ".html" + fragment
                : url;
        }

        string Write(string name, string html)
        {
            var path = Path.Combine(Path.GetFullPath(outputFolder), name);
            AtomicFile.WriteText(path, html);
            return path;
        }
    }

    private static string Index(IEnumerable<Report> reports, string title)
    {
        var cards = reports.Select(report =>
            $"""
            <li>{report.Picture}<h2><a href="{Uri.EscapeDataString(report.FileName)}">{WebUtility.HtmlEncode(report.Title)}</a></h2>
            <p>{WebUtility.HtmlEncode(report.Summary)}</p>{report.Notes}</li>
            """);
        return PageTemplate.Html(title,
            $"""<main id="main" class="index"><h1>{WebUtility.HtmlEncode(title)}</h1><ul class="cards">{string.Concat(cards)}</ul></main>""", plotly: null);
    }
}
