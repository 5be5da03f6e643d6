using Rlef.Experiments;

namespace Rlef.Core.Tests;

/// <summary>Public data beside the checkout; tests that need it are skipped where it is absent.</summary>
static class SharedData
{
    static readonly string Folder = Path.Combine(Home.Folder, "..", "shared", "data");

    public static string Require(params string[] parts)
    {
        var path = Path.Combine([Folder, .. parts]);
        Assert.SkipWhen(!File.Exists(path) && !Directory.Exists(path), $"The public data {Path.Combine(parts)} is not beside the checkout.");
        return path;
    }
}
