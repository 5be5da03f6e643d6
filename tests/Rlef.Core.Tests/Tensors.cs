using Rlef.Policy;
using TorchSharp;
using static TorchSharp.torch;

namespace Rlef.Core.Tests;

/// <summary>Tests of what computes run on the device that <see cref="Devices.Variable"/> names; those of the fused decoder on the CPU.</summary>
static class Tensors
{
    public static Device Device { get; } = Devices.Find();

    public static bool OnCpu => Device.type == DeviceType.CPU;

    /// <summary>The tensor on the tests' device.</summary>
    public static Tensor Here(this Tensor tensor) => tensor.to(Device);

    /// <summary>All elements, from whatever device and type.</summary>
    public static float[] Floats(this Tensor tensor)
    {
        using var scope = NewDisposeScope();
        return tensor.detach().to(ScalarType.Float32).cpu().contiguous().data<float>().ToArray();
    }
}
