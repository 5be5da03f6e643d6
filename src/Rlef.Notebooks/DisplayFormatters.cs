using Microsoft.DotNet.Interactive.Formatting;

namespace Rlef.Notebooks;

/// <summary>Tells Microsoft.DotNet.Interactive.Formatting, in whatever host it runs, how an <see cref="IDisplayable"/> is shown.</summary>
public sealed class DisplayFormatters : ITypeFormatterSource
{
    public IEnumerable<ITypeFormatter> CreateTypeFormatters() =>
    [
        new HtmlFormatter<IDisplayable>(value => value.ToHtml()),
        new PlainTextFormatter<IDisplayable>(value => value.ToPlainText()),
    ];
}
