using System.Net.Sockets;

namespace Rlef.Execution;

/// <summary>
/// A way into one container past the daemon, which would copy every byte twice: a socket that is mounted into it, in a folder that nobody else on this
/// machine can enter. It lets in one, the fork server, which connects before it runs any program, once for what it reads and once for what it writes;
/// then it is gone. The server's filter leaves programs no socket to try it with.
/// </summary>
sealed class ContainerDoor : IDisposable
{
    /// <summary>Where the container sees it.</summary>
    public const string Inside = "/conversation";

    static readonly TimeSpan StartTime = TimeSpan.FromSeconds(20);

    readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("rlef-door-");
    readonly Socket listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);

    public ContainerDoor()
    {
        listener.Bind(new UnixDomainSocketEndPoint(Path));
        // The server is another user, and in a container it does not pass through the folder.
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupWrite | UnixFileMode.OtherWrite);
        listener.Listen(2);
    }

    public string Path => System.IO.Path.Combine(folder.FullName, "socket");

    /// <summary>
    /// What the server reads and what it writes, or null where it speaks on its standard streams instead: where the daemon's containers cannot reach a
    /// socket of this process, or the server did not start.
    /// </summary>
    public async Task<(Stream Input, Stream Output)?> EnterAsync(ContainerStream standard, CancellationToken cancellation)
    {
        using var timer = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        timer.CancelAfter(StartTime);
        var entered = AcceptAsync(timer.Token);
        if (await Task.WhenAny(entered, standard.WaitAsync(CancellationToken.None)) != entered)
            return null;
        try
        {
            return await entered;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return null;
        }
    }

    async Task<(Stream Input, Stream Output)> AcceptAsync(CancellationToken cancellation)
    {
        var input = new NetworkStream(await listener.AcceptAsync(cancellation), ownsSocket: true);
        try
        {
            return (input, new NetworkStream(await listener.AcceptAsync(cancellation), ownsSocket: true));
        }
        catch
        {
            await input.DisposeAsync();
            throw;
        }
    }

    public void Dispose()
    {
        listener.Dispose();
        folder.Delete(recursive: true);
    }
}
