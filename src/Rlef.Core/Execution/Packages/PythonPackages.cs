using System.Collections.Immutable;
using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Rlef.Execution;

/// <summary>What programs may import beside the standard library: packages of this machine, with all that they require.</summary>
/// <param name="Named">The modules that were asked for.</param>
/// <param name="All">These, and those that they require.</param>
/// <param name="Entries">Files and folders that make them up: name in a folder of modules → path on this machine.</param>
/// <param name="Libraries">Shared libraries that they load from outside of their own folders.</param>
/// <param name="Links">Symbolic links outside of <c>/usr</c> that lead to these: path → target.</param>
sealed partial record PythonPackages(ImmutableArray<string> Named, ImmutableArray<PythonPackage> All, ImmutableSortedDictionary<string, string> Entries,
    ImmutableArray<string> Libraries, ImmutableSortedDictionary<string, string> Links)
{
    /// <summary>Where they lie in the sandbox.</summary>
    public const string Folder = "/packages";

    public static PythonPackages None { get; } = new([], [], ImmutableSortedDictionary<string, string>.Empty, [], ImmutableSortedDictionary<string, string>.Empty);

    /// <summary>The server's arguments for them.</summary>
    public IEnumerable<string> Arguments => Named.IsEmpty ? [] : ["--modules", string.Join(',', Named)];

    /// <summary>Names with commas between them.</summary>
    /// <exception cref="ArgumentException">One is no name of a module.</exception>
    public static ImmutableArray<string> Parse(string? names)
    {
        ImmutableArray<string> parts = [.. (names ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Distinct()];
        return parts.FirstOrDefault(part => !ModuleName.IsMatch(part)) is { } wrong
            ? throw new ArgumentException($"'{wrong}' is no name of a Python package (--python-packages or {Sandbox.PackagesVariable}): " +
                "names as programs import them are expected, with commas between them, such as numpy,networkx.")
            : parts;
    }

    /// <summary>Asks the interpreter where the packages lie.</summary>
    /// <exception cref="SandboxUnavailableException">One is not on this machine; the message names it and the way out.</exception>
    public static async Task<PythonPackages> FindAsync(string python, IReadOnlyList<string> names, CancellationToken cancellation)
    {
        if (names.Count == 0)
            return None;
        using var json = JsonDocument.Parse(await AskAsync(python, names, cancellation));
        var root = json.RootElement;
        if (Texts("standard") is { Length: > 0 } own)
            throw new ArgumentException($"{string.Join(", ", own)}: part of Python itself, which programs have anyway. Leave it out of --python-packages or {Sandbox.PackagesVariable}.");
        if (Texts("missing") is { Length: > 0 } missing)
            throw new SandboxUnavailableException($"{python} has no package {string.Join(", ", missing)}. Debian's are called so: apt-get install {string.Join(' ', missing.Select(Debian))}. " +
                $"Or leave it out of --python-packages or {Sandbox.PackagesVariable}.");
        return new([.. names], [.. Pairs("packages").Select(p => new PythonPackage(p.Key, p.Value))], Pairs("entries"), Texts("libraries"), Pairs("links"));

        ImmutableArray<string> Texts(string name) => [.. root.GetProperty(name).EnumerateArray().Select(e => e.GetString()!)];

        ImmutableSortedDictionary<string, string> Pairs(string name) =>
            root.GetProperty(name).EnumerateObject().ToImmutableSortedDictionary(p => p.Name, p => p.Value.GetString()!, StringComparer.Ordinal);
    }

    static async Task<string> AskAsync(string python, IReadOnlyList<string> names, CancellationToken cancellation)
    {
        using var source = new StreamReader(typeof(PythonPackages).Assembly.GetManifestResourceStream("find_packages.py")!);
        using var process = Process.Start(new ProcessStartInfo(python, ["-I", "-B", "-c", await source.ReadToEndAsync(cancellation), .. names])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var errors = process.StandardError.ReadToEndAsync(cancellation);
        var output = await process.StandardOutput.ReadToEndAsync(cancellation);
        await process.WaitForExitAsync(cancellation);
        return process.ExitCode == 0 ? output
            : throw new SandboxUnavailableException($"{python} failed when it was asked for the packages {string.Join(", ", names)}: {(await errors).Trim()}");
    }

    static string Debian(string module) => "python3-" + module.ToLowerInvariant().Replace('_', '-');

    [GeneratedRegex(@"^[\p{L}_][\p{L}\p{Nd}_]*$")]
    private static partial Regex ModuleName { get; }
}
