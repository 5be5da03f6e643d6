namespace TorchSharp;

/// <summary>Kinds of device, numbered as in c10.</summary>
public enum DeviceType { CPU = 0, CUDA = 1, MPS = 13, META = 14 }

public static partial class torch
{
    /// <summary>Element types, numbered as in c10.</summary>
    public enum ScalarType : sbyte { Byte = 0, Int8 = 1, Int16 = 2, Int32 = 3, Int64 = 4, Float16 = 5, Float32 = 6, Float64 = 7, Bool = 11, BFloat16 = 15 }

    public static readonly ScalarType uint8 = ScalarType.Byte, int32 = ScalarType.Int32, int64 = ScalarType.Int64, float16 = ScalarType.Float16,
        float32 = ScalarType.Float32, float64 = ScalarType.Float64, bfloat16 = ScalarType.BFloat16, @bool = ScalarType.Bool;

    /// <summary>Where a tensor lives.</summary>
    public sealed class Device
    {
        public Device(DeviceType type, int index = -1) => (this.type, this.index) = (type, index);

        public DeviceType type { get; }
        public int index { get; }
        internal int Code => (int)type | (byte)(sbyte)index << 8;
        internal static Device FromCode(int code) => new((DeviceType)(code & 0xff), (sbyte)(code >> 8));
        public override string ToString() => index < 0 ? type.ToString().ToLowerInvariant() : $"{type.ToString().ToLowerInvariant()}:{index}";
        public override bool Equals(object? other) => other is Device d && d.Code == Code;
        public override int GetHashCode() => Code;
    }

    public static Device CPU { get; } = new(DeviceType.CPU);
    public static Device CUDA { get; } = new(DeviceType.CUDA, 0);

    /// <summary>A device by name, such as <c>cpu</c> or <c>cuda:0</c>.</summary>
    public static Device device(string description) => description.Split(':') is var parts
        && Enum.TryParse<DeviceType>(parts[0], ignoreCase: true, out var type)
        ? new Device(type, parts.Length > 1 ? int.Parse(parts[1]) : type == DeviceType.CPU ? -1 : 0)
        : throw new ArgumentException($"'{description}' is not a device.");

    public static class cuda
    {
        public static bool is_available() => Native.rt_cuda_is_available() != 0;

        /// <summary>Waits until the device has done all that was asked of it.</summary>
        public static void synchronize() => Native.Check(Native.rt_cuda_synchronize());
    }

    public static string __version__ { get { unsafe { return System.Runtime.InteropServices.Marshal.PtrToStringUTF8((nint)Native.rt_version())!; } } }
    public static void set_num_threads(int num) => Native.rt_set_num_threads(num);
    public static int get_num_threads() => Native.rt_get_num_threads();
    public static void manual_seed(long seed) => Native.Check(Native.rt_manual_seed((ulong)seed));
    public static bool is_grad_enabled() => Native.rt_grad_enabled() != 0;

    public static IDisposable no_grad() => new GradScope(false);
    public static IDisposable enable_grad(bool enabled = true) => new GradScope(enabled);
    public static DisposeScope NewDisposeScope() => DisposeScopeManager.NewDisposeScope();

    sealed class GradScope : IDisposable
    {
        readonly int before = Native.rt_grad_enabled();
        public GradScope(bool enabled) => Native.rt_set_grad_enabled(enabled ? 1 : 0);
        public void Dispose() => Native.rt_set_grad_enabled(before);
    }
}
