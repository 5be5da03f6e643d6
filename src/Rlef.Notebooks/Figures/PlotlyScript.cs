namespace Rlef.Notebooks.Figures;

/// <summary>Where plotly.js lies on this machine. It is never fetched at run time.</summary>
public static class PlotlyScript
{
    /// <summary>The environment variable that names another copy.</summary>
    public const string Variable = "RLEF_PLOTLY_JS";

    private static readonly string Installed = Path.Combine("artifacts", "npm", "node_modules", "plotly.js-dist-min", "plotly.min.js");

    /// <summary>The script's path, null if it is not there: the one the variable names, or the one installed in the repository around
    /// this program or the current folder.</summary>
    public static string? Find()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named) return File.Exists(named) ? Path.GetFullPath(named) : null;
        return new[] { Environment.CurrentDirectory, AppContext.BaseDirectory, Path.GetDirectoryName(typeof(PlotlyScript).Assembly.Location)! }
            .SelectMany(Ancestors)
            .Select(folder => Path.Combine(folder, Installed))
            .FirstOrDefault(File.Exists);
    }

    /// <exception cref="FileNotFoundException">The script is not there; the message says how to get it.</exception>
    public static string Require() => Find() ?? throw new FileNotFoundException(
        $"plotly.js is not installed: {Installed} was found neither above {Environment.CurrentDirectory} nor above {AppContext.BaseDirectory}. " +
        $"In the repository's root run: npm install --prefix artifacts/npm plotly.js-dist-min, or name a copy with {Variable}=/path/to/plotly.min.js.");

    private static IEnumerable<string> Ancestors(string folder)
    {
        for (var directory = new DirectoryInfo(folder); directory is not null; directory = directory.Parent) yield return directory.FullName;
    }
}
