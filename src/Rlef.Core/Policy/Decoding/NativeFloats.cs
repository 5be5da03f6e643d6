using System.Runtime.InteropServices;

namespace Rlef.Policy;

/// <summary>Floats outside of the garbage collector's heap, on a cache line's boundary.</summary>
sealed unsafe partial class NativeFloats : IDisposable
{
    const uint HugePage = 2 << 20;
    const int AdviseHugePage = 14;
    readonly long count;

    /// <param name="clear">Sets them to 0; otherwise a page costs memory only once it is written.</param>
    public NativeFloats(long count, bool clear = true)
    {
        this.count = count;
        var bytes = checked((nuint)Math.Max(count, 16) * sizeof(float));
        Pointer = (float*)NativeMemory.AlignedAlloc(bytes, bytes < HugePage ? 64 : HugePage);
        // A long walk through memory in pages of 4 KiB spends much of its time looking pages up.
        if (bytes >= HugePage && OperatingSystem.IsLinux())
            madvise(Pointer, bytes / HugePage * HugePage, AdviseHugePage);
        if (clear)
            NativeMemory.Clear(Pointer, bytes);
    }

    ~NativeFloats() => Free();

    /// <summary>The first float; null after disposal.</summary>
    public float* Pointer { get; private set; }

    /// <summary>All of them.</summary>
    /// <exception cref="OverflowException">They are more than a span can hold.</exception>
    public Span<float> AsSpan() => new(Pointer, checked((int)count));

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    // Advice only: where it is refused, the pages stay small.
    [LibraryImport("libc")]
    private static partial int madvise(void* address, nuint length, int advice);

    void Free()
    {
        NativeMemory.AlignedFree(Pointer);
        Pointer = null;
    }
}
