namespace Rlef.Cli.Tests;

/// <summary>A control group of the test's own, of version 1 or 2.</summary>
sealed class CpuGroup : IDisposable
{
    const int Period = 100_000;

    readonly string folder;
    readonly bool first;

    CpuGroup(string folder, bool first) => (this.folder, this.first) = (folder, first);

    /// <summary>The file that takes processes.</summary>
    public string Members => Path.Combine(folder, "cgroup.procs");

    /// <summary>Null where this user cannot make one.</summary>
    public static CpuGroup? Create()
    {
        foreach (var (parent, file) in ((string, string)[])[("/sys/fs/cgroup/cpu", "cpu.cfs_quota_us"), ("/sys/fs/cgroup", "cpu.max")])
        {
            var folder = Path.Combine(parent, $"rlef-{Guid.NewGuid():N}");
            try
            {
                if (Directory.Exists(parent) && Directory.CreateDirectory(folder) is not null && File.Exists(Path.Combine(folder, file)))
                    return new(folder, file == "cpu.cfs_quota_us");
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                continue;
            }
            if (Directory.Exists(folder))
                Directory.Delete(folder);
        }
        return null;
    }

    public void Grant(int processors)
    {
        if (first)
        {
            File.WriteAllText(Path.Combine(folder, "cpu.cfs_period_us"), $"{Period}");
            File.WriteAllText(Path.Combine(folder, "cpu.cfs_quota_us"), $"{processors * Period}");
        }
        else
            File.WriteAllText(Path.Combine(folder, "cpu.max"), $"{processors * Period} {Period}");
    }

    // Its processes have ended by now.
    public void Dispose() => Directory.Delete(folder);
}
