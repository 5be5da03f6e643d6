namespace Rlef.Execution;

/// <summary>A package of this machine's Python that programs in a sandbox may import.</summary>
/// <param name="Name">Of its module, as programs import it.</param>
/// <param name="Version">Of its distribution; empty where none says so.</param>
public sealed record PythonPackage(string Name, string Version)
{
    public override string ToString() => $"{Name} {Version}".TrimEnd();
}
