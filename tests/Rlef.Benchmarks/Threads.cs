using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Rlef.Benchmarks;

/// <summary>The threads of libtorch and those that OpenBLAS keeps for itself.</summary>
static partial class Threads
{
    public static void Set(int count)
    {
        set_num_threads(count);
        SetOpenBlas(count);
    }

    [LibraryImport("libopenblas.so.0", EntryPoint = "openblas_set_num_threads")]
    private static partial void SetOpenBlas(int count);
}
