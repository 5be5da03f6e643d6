using Rlef.Learning;
using Rlef.Policy;

namespace Rlef.Cli;

/// <summary>What commands that name a policy have in common.</summary>
static class PolicyOption
{
    const int Unit = 1 << 10;

    /// <summary>What a policy may be called, for descriptions.</summary>
    public const string Names = "folder, GGUF file, or model on a hub (org/name[@revision], org/name:file.gguf)";

    /// <summary>The policy's path, once it is fetched.</summary>
    public static Task<string> FindAsync(string name, CancellationToken cancellation) => Path.Exists(name) || HubName.TryParse(name) is null
        ? Task.FromResult(name)
        : StandardError.ProgressAsync($"fetching {name}", done => PolicyPath.FindAsync(name,
            progress: new ImmediateProgress<(long Done, long Total)>(bytes => done.Report(((int)(bytes.Done / Unit), (int)(bytes.Total / Unit)))), cancellation: cancellation));
}
