using Plotly.NET;

namespace Rlef.Notebooks.Figures;

/// <summary>The plotly.js that Plotly.NET carries: pages bring it along and load nothing from a network.</summary>
public static class PlotlyScript
{
    private static readonly Lazy<(string Version, string Text)> Embedded = new(Read);

    /// <summary>Such as <c>2.28.0</c>.</summary>
    public static string Version => Embedded.Value.Version;

    /// <summary>The whole script, minified.</summary>
    public static string Text => Embedded.Value.Text;

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
