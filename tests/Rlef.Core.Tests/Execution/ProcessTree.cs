using System.Globalization;

namespace Rlef.Core.Tests.Execution;

/// <summary>The processes of this machine, as <c>/proc</c> has them.</summary>
static class ProcessTree
{
    /// <summary>Processes whose command line holds a text.</summary>
    public static IEnumerable<int> Named(string text) => All().Where(pid => Read(pid, "cmdline").Contains(text, StringComparison.Ordinal));

    /// <summary>The processes, and everything that they started.</summary>
    public static HashSet<int> WithDescendants(IEnumerable<int> roots)
    {
        var parents = All().ToDictionary(pid => pid, Parent);
        var found = roots.ToHashSet();
        while (parents.Count(p => found.Contains(p.Value) && found.Add(p.Key)) > 0)
        {
        }
        return found;
    }

    /// <summary>What started a process; 0 for one that ended.</summary>
    public static int Parent(int pid) => Read(pid, "stat") is { Length: > 0 } stat ? int.Parse(stat[(stat.LastIndexOf(')') + 4)..].Split(' ')[0], CultureInfo.InvariantCulture) : 0;

    /// <summary>A file of a process; empty for one that ended while it was looked at.</summary>
    public static string Read(int pid, string file)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/{file}");
        }
        catch (IOException)
        {
            return "";
        }
    }

    static IEnumerable<int> All() => Directory.EnumerateDirectories("/proc").Select(f => int.TryParse(Path.GetFileName(f), out var pid) ? pid : 0).Where(pid => pid > 0);
}
