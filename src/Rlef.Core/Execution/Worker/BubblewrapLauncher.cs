using System.Diagnostics;

namespace Rlef.Execution;

/// <summary>Starts fork servers in namespaces of their own, through bubblewrap.</summary>
/// <param name="python">Interpreter, under <c>/usr</c>.</param>
/// <param name="userNamespace">
/// Whether they get a user namespace too. The kernel refuses one to whoever lives in a chroot; there only root can make the other namespaces, and each
/// server becomes a user of the machine that nobody else is.
/// </param>
/// <param name="packages">What programs may import beside the standard library.</param>
sealed class BubblewrapLauncher(string python, bool userNamespace, PythonPackages packages) : IWorkerLauncher
{
    const string Nobody = "65534";

    // Without a user namespace the kernel counts a user's threads over the whole machine, so that servers of one user would take each other's. These numbers are left to whoever
    // needs a user for a while, as systemd's services do. The servers of one process have different ones, those of different processes mostly.
    const int FirstStranger = 61184, Strangers = 4336;

    static int launched;

    // Mounts that bubblewrap cannot bound, in a namespace around it: the folder of programs, and the files that standard input and output are, so that their paths open. The
    // kernel lays out the address space by the limit on the stack at the start.
    const string Around = """
        folder=$1 bounds=$2 owner=$3 stack=$4
        shift 4
        own=${owner:+,uid=$owner,gid=$owner}
        ulimit -S -s "$stack" 2>/dev/null || ulimit -S -s "$(ulimit -H -s)"
        mount -t tmpfs -o "$bounds,mode=700,nosuid,nodev,noexec$own" box "$folder/box" &&
        mount -t tmpfs -o "mode=700,nosuid,nodev,noexec$own" standard "$folder/standard" && : >"$folder/standard/input" >"$folder/standard/output" || exit 1
        [ -z "$owner" ] || chown "$owner:$owner" "$folder/standard/input" "$folder/standard/output"
        exec "$@"
        """;

    // bubblewrap moves the root of its mount namespace, which must be a mount for that: in a chroot it is a folder. /dev is a mount that can be kept from other
    // namespaces, so the root is mounted over it, for this process alone.
    const string EnterOverDev = "mount --make-rprivate /dev && mount --rbind / /dev && mount --make-rprivate /dev && exec chroot /dev \"$@\"";

    static readonly string[] Devices = ["/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom"], StandardFiles = ["/dev/stdin", "/dev/stdout", "/dev/stderr"];

    // Of all processes in the namespace together.
    const int MaxThreads = 64;

    /// <summary>Holds the server's files. It stands in the command line of every worker of this launcher.</summary>
    public string Folder { get; } = WorkerFiles.Write();

    public async Task<WorkerConnection> LaunchAsync(CancellationToken cancellation)
    {
        var command = Command();
        command.RedirectStandardInput = command.RedirectStandardOutput = command.RedirectStandardError = true;
        return new WorkerProcess(await ProcessStarter.StartAsync(command));
    }

    ProcessStartInfo Command()
    {
        var owner = userNamespace ? "" : $"{FirstStranger + (uint)(Environment.ProcessId * 64 + Interlocked.Increment(ref launched)) % Strangers}";
        // As root, the kernel does not enforce the limit on processes: become nobody, as early as may be.
        string[] before = !userNamespace ? ["unshare", "--mount", "--propagation", "unchanged", "sh", "-c", EnterOverDev, "sh"]
            : [.. Environment.IsPrivilegedProcess ? Become(Nobody) : [], "unshare", "--user", "--map-root-user", "--mount"];
        string[] around = ["sh", "-c", Around, "sh", Folder, $"size={WorkerFiles.BoxBytes},nr_inodes={WorkerFiles.BoxFiles}",
            owner, $"{WorkerFiles.Stack >> 10}"];
        string[] user = userNamespace ? ["--unshare-user", "--disable-userns", "--uid", Nobody, "--gid", Nobody]
            : ["--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID", "--cap-add", "CAP_SETPCAP"];
        string[] inside = userNamespace ? [] : [.. Become(owner), "--bounding-set", "-all", "--inh-caps", "-all"];
        string[] command = [.. before, .. around, "bwrap", "--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try", "--die-with-parent", "--new-session",
            "--cap-drop", "ALL", .. user, "--clearenv", "--setenv", "LC_ALL", "C.UTF-8", "--setenv", "PYTHONHASHSEED", "0", "--hostname", "sandbox",
            "--ro-bind", "/usr", "/usr", "--symlink", "usr/lib", "/lib", "--symlink", "usr/lib64", "/lib64", "--symlink", "usr/bin", "/bin",
            "--tmpfs", "/dev", .. Devices.SelectMany(device => (string[])["--dev-bind", device, device]), "--bind", Path.Combine(Folder, "standard", "input"),
            "/dev/stdin", "--bind", Path.Combine(Folder, "standard", "output"), "/dev/stdout", "--symlink", "null", "/dev/stderr",
            "--dir", "/dev/fd", "--dir", "/proc/self/fd", .. StandardFiles.SelectMany((file, number) => (string[])["--symlink", file, $"/dev/fd/{number}",
            "--symlink", file, $"/proc/self/fd/{number}"]),
            .. Hidden().SelectMany(folder => (string[])["--ro-bind", Path.Combine(Folder, "hidden"), folder]),
            .. packages.Entries.SelectMany(entry => (string[])["--ro-bind", entry.Value, $"{PythonPackages.Folder}/{entry.Key}"]),
            .. packages.Links.SelectMany(link => (string[])["--symlink", link.Value, link.Key]),
            "--ro-bind", Folder, "/worker", "--bind", Path.Combine(Folder, "box"), WorkerFiles.Box, "--chdir", "/", "--remount-ro", "/dev", "--remount-ro", "/",
            .. inside, python, .. WorkerFiles.Arguments, "--threads", $"{MaxThreads}", .. packages.Arguments];
        return new ProcessStartInfo(command[0], command.Skip(1));
    }

    static string[] Become(string user) => ["setpriv", "--reuid", user, "--regid", user, "--clear-groups", "--no-new-privs"];

    // The rest of the machine's packages: what a verdict says must not hang on what else is installed.
    static IEnumerable<string> Hidden() =>
        from prefix in (string[])["/usr/lib", "/usr/local/lib"]
        where Directory.Exists(prefix)
        from version in Directory.EnumerateDirectories(prefix, "python3*")
        from name in (string[])["dist-packages", "site-packages"]
        let folder = Path.Combine(version, name)
        where Directory.Exists(folder)
        select folder;

    /// <summary>Whether the kernel lets nobody, or whoever this process runs as, make a user namespace.</summary>
    public static async Task<bool> HasUserNamespacesAsync(CancellationToken cancellation)
    {
        string[] probe = [.. Environment.IsPrivilegedProcess ? Become(Nobody) : [], "unshare", "--user", "true"];
        using var process = Process.Start(new ProcessStartInfo(probe[0], probe.Skip(1)) { RedirectStandardError = true })!;
        await process.WaitForExitAsync(cancellation);
        return process.ExitCode == 0;
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(Folder, recursive: true);
        return ValueTask.CompletedTask;
    }
}
