using System.Text.Json.Nodes;
using Rlef.Notebooks.Documents;

namespace Rlef.Notebooks.Figures;

/// <summary>Gives a notebook's figures their static image once it has run: in one start of the browser, and only in their final state.</summary>
public static class NotebookFigures
{
    /// <returns>A one-line notice if figures stay without an image, else null.</returns>
    public static async Task<string?> AddImagesAsync(Notebook notebook, CancellationToken cancellation = default)
    {
        List<(JsonObject Data, JsonNode Figure)> figures =
        [
            .. notebook.Cells.Where(cell => cell.Kind == CellKind.Code).SelectMany(cell => cell.Outputs)
                .Select(output => output?["data"] as JsonObject).OfType<JsonObject>()
                .Select(data => (data, Figure: FigureMarkup.Of(data))).Where(found => found.Figure is not null).Select(found => (found.data, found.Figure!)),
        ];
        if (figures.Count == 0) return null;
        var drawing = await StaticFigures.DrawAsync([.. figures.Select(found => found.Figure)], cancellation).ConfigureAwait(false);
        for (var i = 0; i < figures.Count; i++)
        {
            if (drawing.Images[i] is not { } svg) continue;
            var (data, figure) = figures[i];
            data["image/svg+xml"] = NotebookCell.Lines(svg);
            data["text/html"] = NotebookCell.Lines(FigureMarkup.Html(figure, svg));
        }
        return drawing.Notice;
    }
}
