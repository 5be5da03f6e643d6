using System.Text;
using Rlef.Storage;

namespace Rlef.Policy;

/// <summary>
/// A model's folder in the cache that libraries share: <c>blobs/</c> has the contents by their tags, <c>snapshots/COMMIT/</c> a link to one for each file,
/// <c>refs/REVISION</c> the commit that a branch or tag last was.
/// </summary>
sealed class HubCache(string cache, string repository)
{
    static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(250);
    readonly string name = "models--" + repository.Replace("/", "--");

    string Root => Path.Combine(cache, name);

    /// <summary>Folder of a commit's files.</summary>
    public string Snapshot(string commit) => Path.Combine(Root, "snapshots", commit);

    /// <summary>The commit that a revision was when it was last asked for; null if it never was.</summary>
    public string? CommitOf(string revision) => Path.Combine(Root, "refs", revision) is var path && File.Exists(path) ? File.ReadAllText(path).Trim()
        : Directory.Exists(Snapshot(revision)) ? revision : null;

    public void SetCommit(string revision, string commit)
    {
        if (CommitOf(revision) == commit)
            return;
        var path = Path.Combine(Root, "refs", revision);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        AtomicFile.WriteShared(path, stream => stream.Write(Encoding.UTF8.GetBytes(commit)));
    }

    /// <summary>Where a content is.</summary>
    public string Blob(string tag) => Path.Combine(Root, "blobs", tag);

    /// <summary>Gives a content its name in a commit.</summary>
    public void Link(string commit, string file, string tag)
    {
        var path = Path.Combine(Snapshot(commit), file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var target = Path.GetRelativePath(Path.GetDirectoryName(path)!, Blob(tag));
        if (new FileInfo(path).LinkTarget == target)
            return;
        // Under another name first, so that a reader finds the old link or the new one.
        var fresh = $"{path}.{Guid.NewGuid():N}";
        File.CreateSymbolicLink(fresh, target);
        File.Move(fresh, path, overwrite: true);
    }

    /// <summary>Lets one process at a time fetch a content; others of the cache take the same lock.</summary>
    public async Task<IDisposable> LockAsync(string tag, CancellationToken cancellation)
    {
        var path = Path.Combine(cache, ".locks", name, tag + ".lock");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        Directory.CreateDirectory(Path.Combine(Root, "blobs"));
        while (true)
        {
            if (FileLock.TryTake(path) is { } held)
                return held;
            // The system tells nobody when another process has done.
            await Task.Delay(Patience, cancellation);
        }
    }
}
