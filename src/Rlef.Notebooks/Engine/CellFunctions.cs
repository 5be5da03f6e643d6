using Microsoft.AspNetCore.Html;

namespace Rlef.Notebooks.Engine;

/// <summary>
/// What every cell can call without a <c>using</c>, named as in .NET Interactive, where these names exist too.
/// Outside a cell a value is printed as plain text.
/// </summary>
public static class CellFunctions
{
    /// <summary>Shows a value now, in the formats given or in those its type prefers.</summary>
#pragma warning disable IDE1006 // The name notebooks know.
    public static DisplayedValue display(object? value, params string[] mimeTypes)
#pragma warning restore IDE1006
    {
        var scope = CellScope.Current;
        var displayed = new DisplayedValue(scope, Guid.NewGuid().ToString("n"), mimeTypes);
        if (scope is null) displayed.Update(value);
        else scope.Emit(new CellEvent.Display(displayed.DisplayId, MimeBundle.Of(value, mimeTypes)));
        return displayed;
    }

    /// <inheritdoc cref="display"/>
    public static DisplayedValue Display<T>(this T value, params string[] mimeTypes) => display(value, mimeTypes);

    /// <summary>Markup to be shown as it is.</summary>
    public static IHtmlContent HTML(string content) => new HtmlString(content);
}
