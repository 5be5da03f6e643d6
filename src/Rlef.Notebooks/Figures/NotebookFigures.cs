using System.Text.Json.Nodes;
using Rlef.Notebooks.Documents;

namespace Rlef.Notebooks.Figures;

/// <summary>Gives a notebook's figures their static image once it has run: in one start of the browser, and only in their final state.</summary>
public static class NotebookFigures
{
    /// <returns>A one-line notice if figures stay without an image, else null.</returns>
    public static async Task<string?> AddImagesAsync(Notebook notebook, CancellationToken cancellation = default)
    {
        List<JsonObject> bundles =
        [
            .. notebook.Cells.Where(cell => cell.Kind == CellKind.Code).SelectMany(cell => cell.Outputs)
                .Select(output => output?["data"] as JsonObject).OfType<JsonObject>()
                .Where(data => FigureMarkup.Of(data) is not null),
        ];
        if (bundles.Count == 0) return null;
        var drawing = await StaticFigures.DrawAsync([.. bundles.Select(data => FigureMarkup.Of(data)!)], cancellation).ConfigureAwait(false);
        for (var i = 0; i < bundles.Count; i++)
        {
            if (drawing.Images[i] is not { } svg) continue;
            bundles[i]["image/svg+xml"] = NotebookCell.Lines(svg);
            bundles[i]["text/html"] = NotebookCell.Lines(FigureMarkup.Html(FigureMarkup.Of(bundles[i])!, svg));
        }
        return drawing.Notice;
    }
}
