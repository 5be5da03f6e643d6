using static TorchSharp.torch;

namespace Rlef.Policy;

/// <summary>How many processor cores the laboratory uses: those of the machine, or as many as OMP_NUM_THREADS says.</summary>
public static class Cores
{
    public static int Count { get; } = Math.Max(1, get_num_threads());
}
