using System.Reflection;
using System.Runtime.Loader;

namespace Rlef.Notebooks.Engine;

/// <summary>
/// Lets Plotly.NET work in a host that has an FSharp.Core older than the one Plotly.NET was compiled against, as the tool
/// <c>dotnet-interactive</c> has. There the runtime would give the host's to some of Plotly.NET's assemblies and ours to others,
/// and their types would not fit. So all that depend on FSharp.Core are loaded from this library's folder into one context, in
/// which FSharp.Core is the one beside them.
/// </summary>
internal sealed class PlotlyAssemblies : AssemblyLoadContext
{
    private const string FSharp = "FSharp.Core";
    private static readonly string[] Family = ["Plotly.NET", "Plotly.NET.CSharp", "Giraffe.ViewEngine", "DynamicObj", "Fable.Core", FSharp];
    private static readonly HashSet<string> OfHost = [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
        .Split(Path.PathSeparator).Select(path => Path.GetFileNameWithoutExtension(path))];
    private readonly string _folder;

    private PlotlyAssemblies(string folder) : base("Plotly.NET")
    {
        _folder = folder;
        // Asked after the host's own assemblies and before those beside whoever asks.
        Default.Resolving += (_, name) => Family.Contains(name.Name, StringComparer.OrdinalIgnoreCase) ? Load(name) : null;
    }

    /// <summary>Call it before a type of Plotly.NET is touched. Does nothing where the host has Plotly.NET and its FSharp.Core.</summary>
    public static void Prepare()
    {
        var library = typeof(PlotlyAssemblies).Assembly;
        if (GetLoadContext(library) != Default && library.Location is { Length: > 0 } location)
            _ = new PlotlyAssemblies(Path.GetDirectoryName(location)!);
    }

    protected override Assembly? Load(AssemblyName assemblyName)
    {
        if (assemblyName.Name != FSharp && OfHost.Contains(assemblyName.Name!)) return null;
        var path = Path.Combine(_folder, assemblyName.Name + ".dll");
        return File.Exists(path) ? LoadFromAssemblyPath(path) : null;
    }
}
