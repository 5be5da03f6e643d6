using System.Globalization;
using Rlef.Native;
using static TorchSharp.torch;

namespace Rlef.Policy;

/// <summary>Where policies compute.</summary>
public static class Devices
{
    /// <summary>Environment variable that names the default.</summary>
    public const string Variable = "RLEF_DEVICE";

    /// <summary>What <see cref="Variable"/> says, else <c>cpu</c>.</summary>
    public static string Default => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } name ? name : "cpu";

    /// <param name="name"><c>cpu</c>, <c>cuda</c> or <c>cuda:N</c>; null for <see cref="Default"/>.</param>
    /// <exception cref="ArgumentException">There is no such device, or libtorch was built without it.</exception>
    /// <exception cref="DllNotFoundException">libtorch cannot be loaded on this machine.</exception>
    public static Device Find(string? name = null)
    {
        // Whoever computes asks for a device first.
        TorchLibrary.Require();
        var wanted = name ?? Default;
        if (wanted == "cpu")
            return CPU;
        var number = 0;
        if (wanted != "cuda" && !(wanted.StartsWith("cuda:", StringComparison.Ordinal) && int.TryParse(wanted.AsSpan(5), NumberStyles.None, CultureInfo.InvariantCulture, out number)))
            throw new ArgumentException($"There is no device '{wanted}': take cpu, cuda or cuda:N (--device, or {Variable}).");
        if (!cuda.is_available())
            throw new ArgumentException($"'{wanted}' is not there: libtorch {__version__} finds no CUDA. Build with CUDA by RLEF_TORCH=cuda ./rlef doctor, or take the device cpu.");
        return number < cuda.device_count() ? device(wanted)
            : throw new ArgumentException($"'{wanted}' is not there: this machine has {cuda.device_count()}, from cuda:0 on.");
    }
}
