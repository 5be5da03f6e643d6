namespace Rlef.Execution;

/// <summary>How the Docker sandbox is set up.</summary>
public sealed record DockerSandboxOptions
{
    /// <summary>Containers, each of which runs one program at a time; null for <see cref="Sandbox.DefaultWorkers"/>.</summary>
    public int? Workers { get; init; }

    /// <summary>The daemon's socket; null for <c>DOCKER_HOST</c>, or else <c>unix:///var/run/docker.sock</c>.</summary>
    public Uri? Endpoint { get; init; }

    /// <summary>Interpreter of this machine that the workers' image is made of.</summary>
    public string Python { get; init; } = "/usr/bin/python3";

    /// <summary>Packages of that interpreter that programs may import beside the standard library, by the names of their modules; what they require comes with them.</summary>
    public IReadOnlyList<string> Packages { get; init; } = [];

    /// <summary>OCI runtime; null for gVisor's <c>runsc</c> where the daemon lists it, or else the daemon's default.</summary>
    public string? Runtime { get; init; }

    /// <summary>How long a running sandbox waits for a daemon that went away, before it gives up.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>A known-good program is judged after this many jobs, and after every anomaly, to show that the worker still tells the truth.</summary>
    public int CanaryInterval { get; init; } = 2000;
}
