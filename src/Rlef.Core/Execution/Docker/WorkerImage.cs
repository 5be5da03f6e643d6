using System.Diagnostics;
using System.Formats.Tar;
using System.Net;
using System.Security.Cryptography;
using Docker.DotNet;
using Docker.DotNet.Models;

namespace Rlef.Execution;

/// <summary>
/// The image of the workers' containers, made without a registry: this machine's Python interpreter, its standard library, the shared libraries that
/// these load, and the worker's files. Its tag is a hash of the content, so it is made once and never stale.
/// </summary>
sealed class WorkerImage
{
    public const string Repository = "rlef-worker";

    const string Describe = "import os, sys, sysconfig; print(os.path.realpath(sys.executable)); print(os.path.realpath(sysconfig.get_path('stdlib')))";

    static readonly HashSet<string> left =
        ["test", "tests", "idlelib", "tkinter", "turtledemo", "lib2to3", "ensurepip", "dist-packages", "site-packages"];

    // Path in the image, without the leading slash → file of this machine.
    readonly SortedDictionary<string, string> files = new(StringComparer.Ordinal);
    readonly string python, name;

    readonly PythonPackages packages;

    WorkerImage(string python, string name, PythonPackages packages) => (this.python, this.name, this.packages) = (python, name, packages);

    public string Name { get; private set; } = "";

    /// <summary>What packages may take in the memory of a container beside its programs' limits, bytes.</summary>
    public long PackageMemory => packages.Named.IsEmpty ? 0 : 256 << 20;

    /// <summary>Starts the fork server.</summary>
    public IEnumerable<string> Command => [python, .. WorkerFiles.Arguments, .. packages.Arguments];

    /// <summary>Reads what the image has to hold.</summary>
    public static async Task<WorkerImage> OfAsync(string python, PythonPackages packages, CancellationToken cancellation)
    {
        if (await LinesAsync(python, ["-I", "-S", "-c", Describe], cancellation) is not [var interpreter, var library])
            throw new SandboxUnavailableException($"{python} does not say where its standard library is. Is it a Python 3 interpreter?");
        var image = new WorkerImage(interpreter, python, packages);
        image.Add(interpreter);
        foreach (var file in Directory.EnumerateFiles(library, "*", SearchOption.AllDirectories))
            if (!Path.GetRelativePath(library, file).Split('/').Any(part => left.Contains(part) || part.StartsWith("config-", StringComparison.Ordinal)))
                image.Add(file);
        foreach (var line in await LinesAsync("ldd", [interpreter, .. image.files.Values.Where(f => f.EndsWith(".so", StringComparison.Ordinal))], cancellation))
            if (line.Split(' ', StringSplitOptions.TrimEntries).FirstOrDefault(word => word.StartsWith('/')) is { } path && !path.EndsWith(':'))
                image.Add(path);
        foreach (var path in packages.Libraries)
            image.Add(path);
        foreach (var (entry, path) in packages.Entries)
            image.AddPackage(PythonPackages.Folder.TrimStart('/') + '/' + entry, path);
        using var hash = SHA256.Create();
        await using (var stream = new CryptoStream(Stream.Null, hash, CryptoStreamMode.Write))
            image.Write(stream);
        image.Name = $"{Repository}:{Convert.ToHexStringLower(hash.Hash!)[..24]}";
        return image;
    }

    void Add(string path)
    {
        var target = path.TrimStart('/');
        // Where /lib is a link into /usr it is one in the image too.
        if (!target.StartsWith("usr/", StringComparison.Ordinal) && target.StartsWith("lib", StringComparison.Ordinal))
            target = "usr/" + target;
        if (File.Exists(path))
            files[target] = path;
    }

    void AddPackage(string target, string path)
    {
        if (File.Exists(path))
            files[target] = path;
        else
            foreach (var file in Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories))
                files[$"{target}/{Path.GetRelativePath(path, file)}"] = file;
    }

    /// <summary>Imports the image where the daemon does not have it.</summary>
    public async Task EnsureAsync(IDockerClient client, CancellationToken cancellation)
    {
        if (await ExistsAsync())
            return;
        var errors = new Errors();
        var path = Path.GetTempFileName();
        await using (var tar = new FileStream(path, FileMode.Create, FileAccess.ReadWrite, FileShare.None, 1 << 16, FileOptions.DeleteOnClose))
        {
            Write(tar);
            tar.Position = 0;
            var names = Name.Split(':');
            await client.Images.CreateImageAsync(new() { FromSrc = "-", Repo = names[0], Tag = names[1] }, tar, null, errors, cancellation);
        }
        if (!await ExistsAsync())
            throw new SandboxUnavailableException($"Docker did not import the image {Name}: {errors}");

        async Task<bool> ExistsAsync()
        {
            try
            {
                await client.Images.InspectImageAsync(Name, cancellation);
                return true;
            }
            catch (DockerImageNotFoundException)
            {
                return false;
            }
        }
    }

    /// <summary>Removes images of other content that no container uses.</summary>
    public async Task RemoveSupersededAsync(IDockerClient client, CancellationToken cancellation)
    {
        var filters = new Dictionary<string, IDictionary<string, bool>> { ["reference"] = new Dictionary<string, bool> { [Repository] = true } };
        foreach (var tag in (await client.Images.ListImagesAsync(new() { Filters = filters }, cancellation)).SelectMany(i => i.RepoTags).Where(t => t != Name))
            try
            {
                await client.Images.DeleteImageAsync(tag, new(), cancellation);
            }
            catch (DockerApiException e) when (e.StatusCode is HttpStatusCode.Conflict or HttpStatusCode.NotFound)
            {
                // In use by another version of this program, or removed by one.
            }
    }

    // The same content gives the same bytes.
    void Write(Stream stream)
    {
        using var tar = new TarWriter(stream, TarEntryFormat.Ustar, leaveOpen: true);
        SortedSet<string> folders = new(["dev", "etc", "proc", "sys", "tmp", "usr", "usr/lib", "usr/lib64", "usr/bin", "worker"], StringComparer.Ordinal);
        foreach (var file in files.Keys)
            for (var folder = Path.GetDirectoryName(file); !string.IsNullOrEmpty(folder); folder = Path.GetDirectoryName(folder))
                folders.Add(folder);
        foreach (var folder in folders)
            tar.WriteEntry(new UstarTarEntry(TarEntryType.Directory, folder + "/") { Mode = (UnixFileMode)Convert.ToInt32("755", 8), ModificationTime = DateTimeOffset.UnixEpoch });
        // A mount takes the mode and the owner of the folder that it lies on.
        tar.WriteEntry(new UstarTarEntry(TarEntryType.Directory, WorkerFiles.Box.TrimStart('/') + "/")
        {
            Mode = (UnixFileMode)Convert.ToInt32("700", 8),
            Uid = 65534, Gid = 65534, ModificationTime = DateTimeOffset.UnixEpoch,
        });
        List<(string Name, string Target)> links = [("bin", "usr/bin"), ("lib", "usr/lib"), ("lib64", "usr/lib64")];
        if (!files.ContainsKey(name.TrimStart('/')))
            links.Add((name.TrimStart('/'), python));
        foreach (var (link, target) in links)
            tar.WriteEntry(new UstarTarEntry(TarEntryType.SymbolicLink, link) { LinkName = target, ModificationTime = DateTimeOffset.UnixEpoch });
        foreach (var (target, path) in files)
        {
            using var content = File.OpenRead(path);
            // Compiled modules are valid for the exact time of their source.
            WriteFile(target, content, File.GetLastWriteTimeUtc(path));
        }
        foreach (var (name, content) in WorkerFiles.All())
            using (content)
                WriteFile("worker/" + name, content, DateTimeOffset.UnixEpoch);
        // gVisor would mount writable memory on an empty /tmp.
        WriteFile("tmp/nothing", new MemoryStream(), DateTimeOffset.UnixEpoch);

        void WriteFile(string name, Stream content, DateTimeOffset time) =>
            tar.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, name) { Mode = (UnixFileMode)Convert.ToInt32("755", 8), ModificationTime = time, DataStream = content });
    }

    static async Task<string[]> LinesAsync(string program, string[] arguments, CancellationToken cancellation)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEndAsync(cancellation);
        var output = await process.StandardOutput.ReadToEndAsync(cancellation);
        await process.WaitForExitAsync(cancellation);
        if (process.ExitCode != 0)
            throw new SandboxUnavailableException($"{program} failed while the workers' image was put together: {(await errors).Trim()}");
        return output.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
    }

    sealed class Errors : IProgress<JSONMessage>
    {
        string last = "no reason given";

        public void Report(JSONMessage value) => last = value.Error?.Message ?? last;

        public override string ToString() => last;
    }
}
