using Plotly.NET;

namespace Rlef.Notebooks.Figures;

/// <summary>The plotly.js that Plotly.NET carries: pages bring it along and load nothing from a network.</summary>
public static class PlotlyScript
{
    private const string Switch = "Rlef.Notebooks.PlotlyIsOnPage";
    private static readonly Lazy<(string Version, string Text)> Embedded = new(Read);
    private static int s_sent;

    /// <summary>
    /// Whether the page that will show this process's figures brings plotly.js along, as reports do. A notebook's front end does
    /// not: there the first figure carries it. Known to every copy of this library in the process.
    /// </summary>
    public static bool IsOnPage
    {
        get => AppContext.TryGetSwitch(Switch, out var on) && on;
        set => AppContext.SetSwitch(Switch, value);
    }

    /// <summary>Such as <c>2.28.0</c>.</summary>
    public static string Version => Embedded.Value.Version;

    /// <summary>The whole script, minified.</summary>
    public static string Text => Embedded.Value.Text;

    /// <summary>What the next figure of this process has to bring along: plotly.js in a script element, once, or nothing.</summary>
    /// <remarks>The script would hand itself to a module loader where there is one, so it is shown none.</remarks>
    public static string ForPage() => IsOnPage || Interlocked.Exchange(ref s_sent, 1) == 1
        ? ""
        : $"<script>if (!window.Plotly) (function () {{ var define, module, exports;\n{Text}\n}}).call(window);</script>";

    private static (string Version, string Text) Read()
    {
        const string prefix = "Plotly.NET.plotly-", suffix = ".min.js";
        var library = typeof(GenericChart).Assembly;
        var name = Array.Find(library.GetManifestResourceNames(), name => name.StartsWith(prefix, StringComparison.Ordinal) && name.EndsWith(suffix, StringComparison.Ordinal))
            ?? throw new InvalidOperationException($"{library.FullName} carries no plotly.js.");
        using var reader = new StreamReader(library.GetManifestResourceStream(name)!);
        return (name[prefix.Length..^suffix.Length], reader.ReadToEnd());
    }
}
