using System.Reflection;
using System.Runtime.InteropServices;

namespace Rlef.Policy;

/// <summary>What TorchSharp's interface lacks of CUDA. It is there where the bundled binding was built with CUDA; ask <see cref="IsThere"/> first.</summary>
static unsafe partial class CudaLibrary
{
    const string Library = "rlef_torch";

    static CudaLibrary()
    {
        var file = Path.Combine(Path.GetDirectoryName(typeof(TorchSharp.torch).Assembly.Location)!, "librlef_torch.so");
        if (!NativeLibrary.TryLoad(file, out var library))
            return;
        NativeLibrary.SetDllImportResolver(Assembly.GetExecutingAssembly(), (name, _, _) => name == Library ? library : 0);
        IsThere = rt_cuda_extras() != 0 && TorchSharp.torch.cuda.is_available();
    }

    public static bool IsThere { get; }

    public static string Error => Marshal.PtrToStringUTF8((nint)rt_error()) ?? "";

    [LibraryImport(Library)] private static partial byte* rt_error();
    [LibraryImport(Library)] private static partial int rt_cuda_extras();
    [LibraryImport(Library)] public static partial int rt_cuda_peak(int device, long* bytes);
    [LibraryImport(Library)] public static partial int rt_cuda_reset_peak(int device);
    [LibraryImport(Library)] public static partial int rt_cuda_forbid_waiting(int level);
    [LibraryImport(Library)] public static partial nint rt_graph_begin(int device);
    [LibraryImport(Library)] public static partial int rt_graph_end(nint graph);
    [LibraryImport(Library)] public static partial int rt_graph_replay(nint graph);
    [LibraryImport(Library)] public static partial void rt_graph_free(nint graph);
}
