using System.Runtime.InteropServices;

namespace Rlef.Policy;

/// <summary>The one routine of OpenBLAS that the fused decoder calls; libtorch loads the same library.</summary>
static unsafe partial class Blas
{
    const string Library = "libopenblas.so.0";
    const int RowMajor = 101, NoTranspose = 111, Transpose = 112;

    /// <summary>Whether the library is there.</summary>
    public static bool IsAvailable { get; } = NativeLibrary.TryLoad(Library, out _);

    [LibraryImport(Library)]
    private static partial void cblas_sgemm(int order, int transA, int transB, int m, int n, int k, float alpha, float* a, int lda, float* b, int ldb,
        float beta, float* c, int ldc);

    [LibraryImport(Library)]
    private static partial void openblas_set_num_threads(int threads);

    [LibraryImport(Library)]
    private static partial int openblas_get_num_threads();

    /// <summary>Until disposed, every product runs on its caller's thread: for callers that share out the work themselves.</summary>
    public static Restore SingleThreaded()
    {
        var before = openblas_get_num_threads();
        openblas_set_num_threads(1);
        return new(before);
    }

    public readonly struct Restore(int threads) : IDisposable
    {
        public void Dispose() => openblas_set_num_threads(threads);
    }

    /// <summary>c [m, n] = a [m, k] · wᵀ, or added to c, with w [n, k] as linear layers keep it.</summary>
    public static void Linear(float* a, float* w, float* c, int m, int n, int k, bool add = false) =>
        cblas_sgemm(RowMajor, NoTranspose, Transpose, m, n, k, 1, a, k, w, k, add ? 1 : 0, c, n);
}
