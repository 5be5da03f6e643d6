using System.Text;
using Docker.DotNet;
using Docker.DotNet.Models;

namespace Rlef.Benchmarks;

/// <summary>The usual way with Docker: a new container for every test. Through the daemon's API, so without the cost of its command.</summary>
static class DockerRun
{
    /// <param name="image">An image with Python.</param>
    public static async Task<string> RunAsync(IDockerClient client, string image, string[] command, string input)
    {
        var id = (await client.Containers.CreateContainerAsync(new()
        {
            Image = image,
            Cmd = command,
            User = "65534:65534",
            AttachStdin = true,
            AttachStdout = true,
            OpenStdin = true,
            StdinOnce = true,
            HostConfig = new()
            {
                NetworkMode = "none",
                IpcMode = "none",
                ReadonlyRootfs = true,
                CapDrop = ["ALL"],
                SecurityOpt = ["no-new-privileges"],
                Memory = 256L << 20,
                MemorySwap = 256L << 20,
                PidsLimit = 32,
                NanoCPUs = 1_000_000_000,
                LogConfig = new LogConfig { Type = "none", Config = new Dictionary<string, string>() },
            },
        })).ID;
        using (var stream = await client.Containers.AttachContainerAsync(id, new() { Stream = true, Stdin = true, Stdout = true }))
        {
            await client.Containers.StartContainerAsync(id);
            await stream.WriteAsync(Encoding.UTF8.GetBytes(input), 0, Encoding.UTF8.GetByteCount(input), CancellationToken.None);
            var (buffer, output) = (new byte[4096], new StringBuilder());
            while (await stream.ReadOutputAsync(buffer, 0, buffer.Length, CancellationToken.None) is { EOF: false } read)
                output.Append(Encoding.UTF8.GetString(buffer, 0, read.Count));
            await client.Containers.RemoveContainerAsync(id, new() { Force = true });
            return output.ToString();
        }
    }
}
