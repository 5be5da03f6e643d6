using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Reflection;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Scripting;
using Microsoft.CodeAnalysis.Scripting.Hosting;

namespace Rlef.Notebooks.Engine;

/// <summary>
/// Resolves <c>#r "path"</c> so that there is one copy of every library in the process: an assembly that the host has, loaded or
/// beside it, is used whatever the path says, and any other is loaded into the host's own context. Types a notebook sees are
/// thus the host's types, and native libraries load once.
/// </summary>
internal sealed class HostReferences : MetadataReferenceResolver
{
    private static readonly ConcurrentDictionary<string, AssemblyMetadata> Metadata = new(StringComparer.Ordinal);
    private static readonly ConcurrentDictionary<string, string> Probed = new(StringComparer.OrdinalIgnoreCase);
    private readonly string _folder;

    static HostReferences() => AssemblyLoadContext.Default.Resolving += (context, name) =>
        Probed.TryGetValue(name.Name!, out var path) ? context.LoadFromAssemblyPath(path) : null;

    /// <param name="folder">Where relative paths start: the notebook's folder.</param>
    /// <param name="loader">Resolves what compiled cells refer to at run time.</param>
    public HostReferences(string folder, InteractiveAssemblyLoader loader)
    {
        _folder = folder;
        Loader = loader;
    }

    public InteractiveAssemblyLoader Loader { get; }

    public override bool ResolveMissingAssemblies => true;

    /// <summary>Where a path of a <c>#r</c> points to; null when neither the file nor an assembly of the host is meant.</summary>
    public string? Locate(string reference)
    {
        var path = Path.GetFullPath(reference, _folder);
        return Load(SimpleName(reference), path)?.Location;
    }

    public override ImmutableArray<PortableExecutableReference> ResolveReference(
        string reference, string? baseFilePath, MetadataReferenceProperties properties)
    {
        if (Locate(reference) is { Length: > 0 } location) return [Reference(location, properties)];
        // A framework assembly by name, as in #r "System.Xml".
        return ScriptMetadataResolver.Default.ResolveReference(reference, baseFilePath, properties);
    }

    public override PortableExecutableReference? ResolveMissingAssembly(MetadataReference definition, AssemblyIdentity referenceIdentity)
    {
        var folder = definition is PortableExecutableReference { FilePath: { } file } ? Path.GetDirectoryName(file)! : _folder;
        return Load(referenceIdentity.Name, Path.Combine(folder, referenceIdentity.Name + ".dll")) is { Location: { Length: > 0 } location }
            ? Reference(location, MetadataReferenceProperties.Assembly)
            : null;
    }

    public override bool Equals(object? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => _folder.GetHashCode(StringComparison.Ordinal);

    public static PortableExecutableReference Reference(string location, MetadataReferenceProperties properties) =>
        Metadata.GetOrAdd(location, AssemblyMetadata.CreateFromFile).GetReference(filePath: location).WithProperties(properties);

    private static string SimpleName(string reference)
    {
        var file = Path.GetFileName(reference.Replace('\\', '/'));
        return file.EndsWith(".dll", StringComparison.OrdinalIgnoreCase) ? file[..^4] : file;
    }

    private Assembly? Load(string simpleName, string path)
    {
        var assembly = OfHost(simpleName);
        if (assembly is null && File.Exists(path))
        {
            foreach (var neighbour in Directory.EnumerateFiles(Path.GetDirectoryName(path)!, "*.dll"))
                Probed.TryAdd(Path.GetFileNameWithoutExtension(neighbour), neighbour);
            assembly = AssemblyLoadContext.Default.LoadFromAssemblyPath(path);
        }
        if (assembly is not null) Loader.RegisterDependency(assembly);
        return assembly;
    }

    private static Assembly? OfHost(string simpleName)
    {
        try
        {
            return Assembly.Load(new AssemblyName(simpleName));
        }
        catch (Exception e) when (e is FileNotFoundException or FileLoadException or BadImageFormatException or ArgumentException)
        {
            return null;
        }
    }
}
