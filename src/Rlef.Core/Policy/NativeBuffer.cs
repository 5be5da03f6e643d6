using System.Runtime.InteropServices;

namespace Rlef.Policy;

/// <summary>Floats outside the managed heap, aligned for vector loads. Pages that are never touched cost nothing.</summary>
sealed unsafe class NativeBuffer : IDisposable
{
    float* pointer;

    public NativeBuffer(long length)
    {
        Length = length;
        pointer = (float*)NativeMemory.AlignedAlloc(checked((nuint)length * sizeof(float)), 64);
    }

    ~NativeBuffer() => Dispose();

    public long Length { get; }
    public float* Pointer => pointer != null ? pointer : throw new ObjectDisposedException(nameof(NativeBuffer));

    public void Dispose()
    {
        NativeMemory.AlignedFree(pointer);
        pointer = null;
        GC.SuppressFinalize(this);
    }
}
