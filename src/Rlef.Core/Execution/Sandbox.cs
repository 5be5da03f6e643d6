namespace Rlef.Execution;

/// <summary>The sandboxes by name.</summary>
public static class Sandbox
{
    /// <summary>Names the sandbox where none is asked for.</summary>
    public const string Variable = "RLEF_SANDBOX";

    /// <summary>Names the packages that programs may import where none are asked for, with commas between them.</summary>
    public const string PackagesVariable = "RLEF_PYTHON_PACKAGES";

    public static IReadOnlyList<string> Names { get; } = ["local", "docker"];

    /// <summary>What <see cref="Variable"/> says, or else <c>local</c>.</summary>
    public static string Default => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } name ? name : Names[0];

    /// <summary>What <see cref="PackagesVariable"/> says; none by default.</summary>
    public static string DefaultPackages => Environment.GetEnvironmentVariable(PackagesVariable) ?? "";

    /// <summary>
    /// Programs that run at once where no number is asked for: one a processor. The runtime counts the processors that this process may use: by
    /// affinity and by the quota of its control group (<c>cpu.max</c>, or <c>cpu.cfs_quota_us</c> of version 1), rounded up.
    /// </summary>
    public static int DefaultWorkers => Environment.ProcessorCount;

    /// <param name="name">One of <see cref="Names"/>; null for <see cref="Default"/>.</param>
    /// <param name="workers">Programs that run at once; null for <see cref="DefaultWorkers"/>.</param>
    /// <param name="packages">Modules that programs may import beside the standard library, with commas between them; null for <see cref="DefaultPackages"/>.</param>
    /// <exception cref="SandboxUnavailableException">The machine lacks what it needs.</exception>
    public static async Task<ISandbox> StartAsync(string? name = null, int? workers = null, string? packages = null, CancellationToken cancellation = default)
    {
        var modules = PythonPackages.Parse(packages ?? DefaultPackages);
        return (name ?? Default) switch
        {
            "local" => await LocalSandbox.StartAsync(new() { Workers = workers, Packages = modules }, cancellation),
            "docker" => await DockerSandbox.StartAsync(new() { Workers = workers, Packages = modules }, cancellation),
            var other => throw new ArgumentException($"There is no sandbox '{other}' (--sandbox or {Variable}). There is: {string.Join(", ", Names)}."),
        };
    }
}
