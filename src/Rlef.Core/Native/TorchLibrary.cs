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
    const string Name = "LibTorchSharp", Prefix = "GLIBCXX_", Mark = Prefix + "3.4.32", Base = Prefix + "3.4", Anchor = "_ZSt21ios_base_library_initv";

    static readonly Lazy<nint> Loaded = new(() => NativeLibrary.Load(Name, typeof(torch).Assembly, null));

    /// <summary>How the library was loaded, for whoever asks what runs here; null before it was needed.</summary>
    public static string? Remedy { get; private set; }

#pragma warning disable CA2255 // Nothing of TorchSharp may be called before, in whatever host.
    [ModuleInitializer]
    internal static void Initialize() =>
        AssemblyLoadContext.GetLoadContext(typeof(torch).Assembly)!.ResolvingUnmanagedDll += (assembly, name) =>
            name == Name && assembly == typeof(torch).Assembly ? Load(Path.GetDirectoryName(assembly.Location)!) : 0;
#pragma warning restore CA2255

    /// <summary>
    /// Loads the library, if it is not there yet. TorchSharp does so itself at its first use, but says at length that a package is missing, whatever failed.
    /// </summary>
    /// <exception cref="DllNotFoundException">It cannot be loaded here; the message names the file, the version found and the way out.</exception>
    public static void Require() => _ = Loaded.Value;

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
        catch (DllNotFoundException e) when (e.Message.Contains(Prefix, StringComparison.Ordinal))
        {
            return LoadWithoutMark(file);
        }
        catch (DllNotFoundException e)
        {
            throw new DllNotFoundException($"{file}, TorchSharp's native library, cannot be loaded: {OneLine(e)} Way out: remove the folder artifacts and build again with ./rlef doctor.", e);
        }
    }

    static nint LoadWithoutMark(string file)
    {
        var system = SystemVersion();
        try
        {
            // The copy has no folder, so what it needs of libtorch must be there before it.
            NativeLibrary.Load(Path.Combine(Path.GetDirectoryName(file)!, "libtorch.so"));
            var handle = LoadFromMemory(SharedObject.Load(file).Redirect(Mark, Base, Anchor));
            Remedy = $"in a copy without the mark {Mark}, since {system} is older";
            return handle;
        }
        catch (Exception e) when (e is DllNotFoundException or InvalidDataException or IOException)
        {
            throw new DllNotFoundException($"{file}, TorchSharp's native library, needs a newer C++ library than {system}, and a copy that asks for less cannot be loaded either: {OneLine(e)} " +
                "Way out: a libstdc++6 of GCC 13 or later, as Debian 13, Ubuntu 24.04 and RHEL 10 have it.", e);
        }
    }

    // The runtime's advice comes before the system's own words.
    static string OneLine(Exception e) => e.Message.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)[^1].TrimEnd('.') + ".";

    /// <summary>The C++ library of this process and the last of its versions, such as <c>/usr/lib/libstdc++.so.6.0.30 (GLIBCXX_3.4.30)</c>.</summary>
    static string SystemVersion()
    {
        if (!NativeLibrary.TryLoad("libstdc++.so.6", out _))
            return "the system's, which has none";
        var path = File.ReadLines("/proc/self/maps").Select(line => line[(line.LastIndexOf(' ') + 1)..])
            .First(mapped => Path.GetFileName(mapped).StartsWith("libstdc++.so.6", StringComparison.Ordinal));
        return $"{path} ({Prefix}{LastVersion(path)})";
    }

    /// <summary>The last GLIBCXX version that a C++ library defines, null if none.</summary>
    internal static Version? LastVersion(string path) => SharedObject.Load(path).Defined
        .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)).Select(name => Version.TryParse(name[Prefix.Length..], out var version) ? version : null).Max();

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
