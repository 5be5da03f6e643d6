using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Loader;
using TorchSharp;

namespace Rlef.Native;

/// <summary>
/// Loads TorchSharp's native library in every host. Two things can stand in the way: a host that looks for native libraries beside itself, not beside
/// TorchSharp; and a C++ library that is older than the compiler TorchSharp was built with (GCC 13; Debian 12, Ubuntu 22.04 and RHEL 9 are older). That
/// compiler leaves a mark, the version GLIBCXX_3.4.32 of a symbol nobody uses, for which the system refuses the file. A copy in memory without the mark is
/// loaded there; the file itself stays as it is.
/// </summary>
public static partial class TorchLibrary
{
    const string Name = "LibTorchSharp", Mark = "GLIBCXX_3.4.32", Anchor = "_ZSt21ios_base_library_initv", Base = "GLIBCXX_3.4";

    /// <summary>How the library was loaded, for whoever asks what runs here; null before it was needed.</summary>
    public static string? Remedy { get; private set; }

#pragma warning disable CA2255 // Nothing of TorchSharp may be called before, in whatever host.
    [ModuleInitializer]
    internal static void Initialize() =>
        AssemblyLoadContext.GetLoadContext(typeof(torch).Assembly)!.ResolvingUnmanagedDll += (assembly, name) =>
            name == Name && assembly == typeof(torch).Assembly ? Load(Path.GetDirectoryName(assembly.Location)!) : 0;
#pragma warning restore CA2255

    /// <summary>Called where the runtime itself did not find the library, or could not load it.</summary>
    static nint Load(string folder)
    {
        var file = new[] { folder, Path.Combine(folder, "runtimes", "linux-x64", "native") }
            .Select(f => Path.Combine(f, $"lib{Name}.so")).FirstOrDefault(File.Exists)
            ?? throw new DllNotFoundException($"lib{Name}.so, TorchSharp's native library, lies neither in {folder} nor in its runtimes/linux-x64/native. Build again: ./rlef doctor");
        try
        {
            return NativeLibrary.Load(file);
        }
        catch (DllNotFoundException e)
        {
            return LoadWithoutMark(file, e);
        }
    }

    static nint LoadWithoutMark(string file, DllNotFoundException refusal)
    {
        try
        {
            // The copy has no folder, so what it needs of libtorch must be there before it.
            NativeLibrary.Load(Path.Combine(Path.GetDirectoryName(file)!, "libtorch.so"));
            if (SystemVersion() is not { } system || system.Compare >= Version.Parse("3.4.32"))
                throw refusal;
            var copy = SharedObject.Load(file).Redirect(Mark, Base, Anchor);
            var handle = LoadFromMemory(copy);
            Remedy = $"in a copy without the mark {Mark}, which {system.Path} ({system.Name}) lacks";
            return handle;
        }
        catch (Exception e) when (e is DllNotFoundException or InvalidDataException or IOException)
        {
            throw new DllNotFoundException(Explain(file, e), e);
        }
    }

    static string Explain(string file, Exception cause) =>
        $"{file}, TorchSharp's native library, cannot be loaded here. " +
        (SystemVersion() is { } system ? $"{system.Path} is of version {system.Name}, and {Mark} is needed. " : "The system's libstdc++.so.6 was not found. ") +
        $"Way out: Debian 13, Ubuntu 24.04 or later, or a libstdc++6 of GCC 13 or later. ({cause.Message.ReplaceLineEndings(" ")})";

    /// <summary>The C++ library of this process, and the last of its versions.</summary>
    static (string Path, string Name, Version Compare)? SystemVersion()
    {
        if (!NativeLibrary.TryLoad("libstdc++.so.6", out _))
            return null;
        var path = File.ReadLines("/proc/self/maps").Select(line => line[(line.LastIndexOf(' ') + 1)..])
            .FirstOrDefault(mapped => Path.GetFileName(mapped).StartsWith("libstdc++.so.6", StringComparison.Ordinal));
        return path is null ? null : LastVersion(path);
    }

    /// <summary>The last GLIBCXX version that a C++ library defines.</summary>
    internal static (string Path, string Name, Version Compare)? LastVersion(string path) => SharedObject.Load(path).Defined
        .Where(name => name.StartsWith("GLIBCXX_", StringComparison.Ordinal))
        .Select(name => (path, name, Compare: Version.TryParse(name["GLIBCXX_".Length..], out var version) ? version : null))
        .Where(found => found.Compare is not null).MaxBy(found => found.Compare)
        is { Compare: { } last } found ? (found.path, found.name, last) : null;

    /// <summary>Loads a library from a file that has no name and goes with the process.</summary>
    internal static nint LoadFromMemory(ReadOnlySpan<byte> image)
    {
        const int closeOnExec = 1;
        using var file = new Microsoft.Win32.SafeHandles.SafeFileHandle(MemoryFile($"lib{Name}.so", closeOnExec), ownsHandle: true);
        if (file.IsInvalid)
            throw new IOException($"No file in memory could be made (error {Marshal.GetLastPInvokeError()}).");
        RandomAccess.Write(file, image, 0);
        return NativeLibrary.Load($"/proc/self/fd/{file.DangerousGetHandle()}");
    }

    [LibraryImport("libc", EntryPoint = "memfd_create", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int MemoryFile(string name, uint flags);
}
