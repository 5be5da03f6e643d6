namespace Rlef.Execution;

/// <summary>
/// Which process a container belongs to. Boot, process namespace, number and start time tell it from every other, so that the containers of one that
/// was killed can be removed, and nobody else's.
/// </summary>
static class ContainerOwner
{
    public const string Label = "rlef.owner", SandboxLabel = "rlef.sandbox";

    static readonly string place = $"{File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim()}/{new FileInfo("/proc/self/ns/pid").LinkTarget}";

    /// <summary>This process.</summary>
    public static string Current { get; } = Of(Environment.ProcessId)!;

    /// <summary>A running process, or null.</summary>
    public static string? Of(int pid)
    {
        try
        {
            // The name, which may hold anything, ends at the last bracket; the start time is the twentieth field after it.
            var fields = File.ReadAllText($"/proc/{pid}/stat").Split(')')[^1].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            return $"{place}/{pid}/{fields[19]}";
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>Whether the owner certainly runs no more. Of other namespaces nothing is certain.</summary>
    public static bool IsGone(string owner) =>
        owner.StartsWith(place + "/", StringComparison.Ordinal) && int.TryParse(owner.Split('/')[^2], out var pid) && Of(pid) != owner;
}
