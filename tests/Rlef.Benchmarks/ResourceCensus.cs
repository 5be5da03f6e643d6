using System.Globalization;
using Rlef.Core.Tests.Execution;

namespace Rlef.Benchmarks;

/// <summary>What this process and the workers hold at a moment: the things that leak.</summary>
/// <param name="SupervisorMiB">Resident memory of this process.</param>
/// <param name="CollectorMiB">Of it, what the garbage collector holds: live objects, and room for new ones that it keeps by its own rules.</param>
/// <param name="ManagedMiB">Of that, live objects.</param>
/// <param name="Descriptors">Open files of this process.</param>
/// <param name="Workers">Processes of the workers.</param>
/// <param name="WorkersMiB">Their resident memory.</param>
/// <param name="WorkersDescriptors">Their open files, where this user may count them.</param>
/// <param name="Mounts">Of this machine, without those of other daemons.</param>
/// <param name="Files">In the folder that the sandbox uses for temporary files.</param>
readonly record struct ResourceCensus(double SupervisorMiB, double CollectorMiB, double ManagedMiB, int Descriptors, int Workers, double WorkersMiB,
    int WorkersDescriptors, int Mounts, int Files)
{
    /// <param name="roots">First processes of the workers; those that they started count with them.</param>
    /// <param name="folder">The folder for temporary files.</param>
    /// <param name="ownMount">Whether a line of the mount table is not another daemon's.</param>
    public static ResourceCensus Take(IEnumerable<int> roots, string folder, Func<string, bool> ownMount)
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        var workers = ProcessTree.WithDescendants(roots);
        return new(
            Math.Round(ResidentMiB(Environment.ProcessId), 1),
            Math.Round(GC.GetGCMemoryInfo().TotalCommittedBytes / (double)(1 << 20), 1),
            Math.Round(GC.GetTotalMemory(true) / (double)(1 << 20), 1),
            Descriptor(Environment.ProcessId),
            workers.Count,
            Math.Round(workers.Sum(ResidentMiB), 1),
            workers.Sum(Descriptor),
            File.ReadLines("/proc/self/mounts").Count(ownMount),
            Directory.EnumerateFileSystemEntries(folder, "*", SearchOption.AllDirectories).Count());
    }

    static double ResidentMiB(int pid) => ProcessTree.Read(pid, "statm").Split(' ') is [_, var pages, ..] ? long.Parse(pages, CultureInfo.InvariantCulture) * Environment.SystemPageSize / (double)(1 << 20) : 0;

    static int Descriptor(int pid)
    {
        try
        {
            return Directory.EnumerateFileSystemEntries($"/proc/{pid}/fd").Count();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }
}
