using Rlef.Policy;
using TorchSharp;
using static TorchSharp.torch;

namespace Rlef.Learning;

/// <summary>The most memory that tensors took on a GPU, as libtorch's allocator counts it; for a CPU see <see cref="ProcessMemory"/>.</summary>
public static class DeviceMemory
{
    /// <summary>Begins to look for the peak anew.</summary>
    public static void ResetPeak(Device device)
    {
        if (Counts(device))
            _ = CudaLibrary.rt_cuda_reset_peak(device.index);
    }

    /// <summary>Bytes, or null where nobody counts.</summary>
    public static unsafe long? PeakBytes(Device device)
    {
        long bytes;
        return Counts(device) && CudaLibrary.rt_cuda_peak(device.index, &bytes) >= 0 ? bytes : null;
    }

    static bool Counts(Device device) => device.type == DeviceType.CUDA && CudaLibrary.IsThere;
}
