using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using Ganss.Xss;
using Markdig;
using Markdig.Extensions.Mathematics;
using Markdig.Renderers;
using Markdig.Renderers.Html;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace Rlef.Notebooks.Publishing;

/// <summary>
/// Markdown of one notebook as HTML: headings get ids for the contents, pictures move into the page, and raw HTML loses what could
/// run, load or send anything.
/// </summary>
/// <param name="folder">Where relative pictures lie.</param>
/// <param name="link">Turns a link's target into the target within the site.</param>
internal sealed partial class MarkdownMarkup(string folder, Func<string, string> link)
{
    private static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder().UseAdvancedExtensions().Build();

    // A report asks its reader for nothing; the boxes of task lists are all that stays of a form.
    private static readonly string[] Controls =
        ["form", "button", "select", "option", "optgroup", "datalist", "textarea", "fieldset", "legend", "label", "keygen", "menu", "menuitem", "dir"];

    private readonly Pictures _pictures = new(folder);
    private readonly HashSet<string> _ids = new(StringComparer.Ordinal);
    private readonly List<(int Level, string Id, string Text)> _headings = [];
    private readonly List<string> _warnings = [];

    public IReadOnlyList<(int Level, string Id, string Text)> Headings => _headings;

    /// <summary>What the text had and the page has not.</summary>
    public IReadOnlyList<string> Warnings => _warnings;

    /// <param name="attachments">The pictures that the cell carries, by name.</param>
    public string Html(string markdown, JsonObject? attachments = null)
    {
        var document = Markdown.Parse(markdown, Pipeline);
        foreach (var heading in document.Descendants<HeadingBlock>())
        {
            var text = PlainText(heading.Inline);
            var id = FreshId(text);
            heading.GetAttributes().Id = id;
            _headings.Add((heading.Level, id, text));
        }
        var html = new StringWriter();
        var renderer = new HtmlRenderer(html);
        Pipeline.Setup(renderer);
        renderer.ObjectRenderers.Replace<HtmlMathInlineRenderer>(new InlineMath());
        renderer.ObjectRenderers.Replace<HtmlMathBlockRenderer>(new BlockMath());
        renderer.Render(document);
        return Safe(html.ToString(), attachments);
    }

    /// <summary>The first paragraph's words.</summary>
    public static string FirstParagraph(string markdown) =>
        Markdown.Parse(markdown, Pipeline).OfType<ParagraphBlock>().Select(paragraph => PlainText(paragraph.Inline)).FirstOrDefault() ?? "";

    private static string PlainText(ContainerInline? inline)
    {
        var text = new StringBuilder();
        foreach (var part in inline?.Descendants() ?? [])
        {
            switch (part)
            {
                case LiteralInline literal: text.Append(literal.Content.ToString()); break;
                case CodeInline code: text.Append(code.Content); break;
                case MathInline math: text.Append(math.Content.ToString()); break;
                case LineBreakInline: text.Append(' '); break;
            }
        }
        return text.ToString().Trim();
    }

    private string Safe(string html, JsonObject? attachments)
    {
        var missing = new Dictionary<INode, string>();
        var sanitizer = new HtmlSanitizer();
        sanitizer.AllowedTags.ExceptWith(Controls);
        sanitizer.AllowedAttributes.UnionWith(["class", "id"]);
        sanitizer.AllowedSchemes.Add("mailto");
        sanitizer.FilterUrl += (_, address) =>
        {
            switch (address.Tag)
            {
                case IHtmlImageElement image:
                    (address.SanitizedUrl, var reason) = _pictures.Find(address.OriginalUrl, attachments);
                    if (reason is null) break;
                    missing[image] = $"Missing picture{(string.IsNullOrWhiteSpace(image.AlternativeText) ? "" : $" “{image.AlternativeText}”")}: {address.OriginalUrl} ({reason}).";
                    _warnings.Add(missing[image]);
                    break;
                case IHtmlAnchorElement when address.SanitizedUrl is { } target:
                    address.SanitizedUrl = link(target);
                    break;
            }
        };
        sanitizer.PostProcessNode += (_, visited) =>
        {
            if (!missing.TryGetValue(visited.Node, out var text)) return;
            var note = visited.Document.CreateElement("span");
            (note.ClassName, note.TextContent) = ("missing", text);
            visited.ReplacementNodes.Add(note);
        };
        return sanitizer.Sanitize(html);
    }

    private string FreshId(string text)
    {
        var slug = NotWord().Replace(text.ToLowerInvariant(), "-").Trim('-');
        if (slug.Length == 0) slug = "section";
        var id = slug;
        for (var i = 2; !_ids.Add(id); i++) id = $"{slug}-{i}";
        return id;
    }

    [GeneratedRegex(@"[^\p{L}\p{N}]+")]
    private static partial Regex NotWord();

    private sealed class InlineMath : HtmlObjectRenderer<MathInline>
    {
        protected override void Write(HtmlRenderer renderer, MathInline obj) =>
            renderer.Write("<span class=\"math\">").Write(TexText.Html(obj.Content.ToString())).Write("</span>");
    }

    private sealed class BlockMath : HtmlObjectRenderer<MathBlock>
    {
        protected override void Write(HtmlRenderer renderer, MathBlock obj) =>
            renderer.Write("<p class=\"math block\">").Write(TexText.Html(string.Join('\n', obj.Lines.Lines.Take(obj.Lines.Count)))).WriteLine("</p>");
    }
}
