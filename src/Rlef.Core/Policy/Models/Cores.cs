namespace Rlef.Policy;

/// <summary>How many processor cores the laboratory uses: those the process may use (affinity and control-group quota), or as many as OMP_NUM_THREADS says.</summary>
public static class Cores
{
    public static int Count { get; } = int.TryParse(Environment.GetEnvironmentVariable("OMP_NUM_THREADS"), out var count) && count > 0 ? count : Environment.ProcessorCount;
}
