using System.Globalization;

namespace Rlef.Learning;

/// <summary>The most memory that this process had in use, as Linux counts it (proc(5): VmHWM).</summary>
public static class ProcessMemory
{
    /// <summary>Begins to look for the peak anew. Where the kernel does not let it, the peak is that of the process's whole life.</summary>
    public static void ResetPeak()
    {
        try
        {
            File.WriteAllText("/proc/self/clear_refs", "5");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
        }
    }

    /// <summary>Bytes, or null where the kernel does not tell.</summary>
    public static long? PeakBytes
    {
        get
        {
            const string name = "VmHWM:";
            try
            {
                var line = File.ReadLines("/proc/self/status").FirstOrDefault(l => l.StartsWith(name, StringComparison.Ordinal));
                return line is null ? null : 1024 * long.Parse(line[name.Length..].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture);
            }
            catch (IOException)
            {
                return null;
            }
        }
    }
}
