using System.Runtime.InteropServices;

namespace Rlef.Policy;

/// <summary>Floats outside of the garbage collector's heap, on a cache line's boundary.</summary>
sealed unsafe class NativeFloats : IDisposable
{
    /// <param name="clear">Sets them to 0; otherwise a page costs memory only once it is written.</param>
    public NativeFloats(long count, bool clear = true)
    {
        var bytes = checked((nuint)Math.Max(count, 16) * sizeof(float));
        Pointer = (float*)NativeMemory.AlignedAlloc(bytes, 64);
        if (clear)
            NativeMemory.Clear(Pointer, bytes);
    }

    ~NativeFloats() => Free();

    /// <summary>The first float; null after disposal.</summary>
    public float* Pointer { get; private set; }

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    void Free()
    {
        NativeMemory.AlignedFree(Pointer);
        Pointer = null;
    }
}
