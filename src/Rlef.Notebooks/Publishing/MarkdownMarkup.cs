using System.Text;
using System.Text.RegularExpressions;
using Markdig;
using Markdig.Extensions.Mathematics;
using Markdig.Renderers;
using Markdig.Renderers.Html;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace Rlef.Notebooks.Publishing;

/// <summary>Markdown cells of one notebook as HTML: headings get ids for the contents, local images move into the page.</summary>
/// <param name="folder">Where relative images lie.</param>
/// <param name="link">Turns a link's target into the target within the site.</param>
internal sealed partial class MarkdownMarkup(string folder, Func<string, string> link)
{
    private static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder().UseAdvancedExtensions().Build();
    private readonly HashSet<string> _ids = new(StringComparer.Ordinal);
    private readonly List<(int Level, string Id, string Text)> _headings = [];

    public IReadOnlyList<(int Level, string Id, string Text)> Headings => _headings;

    public string Html(string markdown)
    {
        var document = Markdown.Parse(markdown, Pipeline);
        foreach (var heading in document.Descendants<HeadingBlock>())
        {
            var text = PlainText(heading.Inline);
            var id = FreshId(text);
            heading.GetAttributes().Id = id;
            _headings.Add((heading.Level, id, text));
        }
        foreach (var target in document.Descendants<LinkInline>())
            if (target.Url is { Length: > 0 } url) target.Url = target.IsImage ? Embedded(url) : link(url);
        var html = new StringWriter();
        var renderer = new HtmlRenderer(html);
        Pipeline.Setup(renderer);
        renderer.ObjectRenderers.Replace<HtmlMathInlineRenderer>(new InlineMath());
        renderer.ObjectRenderers.Replace<HtmlMathBlockRenderer>(new BlockMath());
        renderer.Render(document);
        return html.ToString();
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

    private string Embedded(string url)
    {
        var file = Path.Combine(folder, Uri.UnescapeDataString(url));
        var type = Path.GetExtension(file).ToLowerInvariant() switch
        {
            ".png" => "image/png",
            ".jpg" or ".jpeg" => "image/jpeg",
            ".gif" => "image/gif",
            ".svg" => "image/svg+xml",
            _ => null,
        };
        return type is null || url.Contains(':') || !File.Exists(file) ? url : $"data:{type};base64,{Convert.ToBase64String(File.ReadAllBytes(file))}";
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
