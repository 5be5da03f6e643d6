using System.Text.Json.Nodes;
using Rlef.Notebooks.Documents;

namespace Rlef.Notebooks.Publishing;

/// <summary>The pictures that Markdown names, as data within the page: files beside the notebook, and a cell's attachments.</summary>
/// <param name="folder">Where relative files lie.</param>
internal sealed class Pictures(string folder)
{
    /// <summary>The picture's data, or null and why the page goes without it.</summary>
    public (string? Data, string? Reason) Find(string url, JsonObject? attachments)
    {
        const string attachment = "attachment:";
        if (url.StartsWith("data:image/", StringComparison.OrdinalIgnoreCase)) return (url, null);
        if (url.StartsWith(attachment, StringComparison.OrdinalIgnoreCase))
        {
            var bundle = attachments?[Uri.UnescapeDataString(url[attachment.Length..])] as JsonObject;
            return bundle?.FirstOrDefault(entry => entry.Key.StartsWith("image/", StringComparison.Ordinal)) is { Key: { } type, Value: { } data }
                ? (Data(type, NotebookCell.Text(data)), null)
                : (null, "the cell has no such attachment");
        }
        if (Uri.TryCreate(url, UriKind.Absolute, out var absolute) && !absolute.IsFile || url.StartsWith("//", StringComparison.Ordinal))
            return (null, "it lies in a network, and a page loads nothing from there; save it beside the notebook");
        var file = Uri.UnescapeDataString(url.Split('?', '#')[0]);
        if (Path.IsPathRooted(file)) return (null, "it is named by a path of one machine; name it relative to the notebook");
        if (TypeOf(file) is not { } fileType) return (null, "it is no PNG, JPEG, GIF, WebP, AVIF or SVG file");
        try
        {
            return (Data(fileType, Convert.ToBase64String(File.ReadAllBytes(Path.Combine(folder, file)))), null);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return (null, "there is no such file");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return (null, e.Message);
        }
    }

    private static string Data(string type, string base64) => $"data:{type};base64,{base64.ReplaceLineEndings("")}";

    private static string? TypeOf(string file) => Path.GetExtension(file).ToLowerInvariant() switch
    {
        ".png" => "image/png",
        ".jpg" or ".jpeg" => "image/jpeg",
        ".gif" => "image/gif",
        ".webp" => "image/webp",
        ".avif" => "image/avif",
        ".svg" => "image/svg+xml",
        _ => null,
    };
}
