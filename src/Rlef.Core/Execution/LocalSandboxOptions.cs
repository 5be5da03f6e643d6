namespace Rlef.Execution;

/// <summary>How the local sandbox is set up.</summary>
public sealed record LocalSandboxOptions
{
    /// <summary>Fork servers, each of which runs one program at a time; null for <see cref="Sandbox.DefaultWorkers"/>.</summary>
    public int? Workers { get; init; }

    /// <summary>Interpreter for judged programs. It must lie under <c>/usr</c>, which is all of the machine that the sandbox sees.</summary>
    public string Python { get; init; } = "/usr/bin/python3";

    /// <summary>Packages of that interpreter that programs may import beside the standard library, by the names of their modules; what they require comes with them.</summary>
    public IReadOnlyList<string> Packages { get; init; } = [];

    /// <summary>
    /// Whether workers get a user namespace; null finds out. In a chroot the kernel refuses it, and root does without: the other namespaces stay, and programs run
    /// as users of the machine that nobody else is, one for each worker.
    /// </summary>
    public bool? UserNamespace { get; init; }

    /// <summary>A known-good program is judged after this many jobs, and after every anomaly, to show that the worker still tells the truth.</summary>
    public int CanaryInterval { get; init; } = 2000;
}
