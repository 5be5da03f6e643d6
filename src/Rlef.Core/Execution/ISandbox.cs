using System.Collections.Immutable;

namespace Rlef.Execution;

/// <summary>Runs untrusted Python programs. Safe to call from many threads; requests queue for a free worker.</summary>
public interface ISandbox : IAsyncDisposable
{
    /// <summary>Name of the back end, such as <c>local</c> or <c>docker</c>.</summary>
    string Name { get; }

    /// <summary>The isolation in force, one line a layer, for people to read.</summary>
    IReadOnlyList<string> Layers { get; }

    /// <summary>Version of the Python that runs programs, by which error messages differ.</summary>
    string Python { get; }

    /// <summary>What programs may import beside the standard library: the packages asked for, and those that they require.</summary>
    IReadOnlyList<PythonPackage> Packages => [];

    /// <summary>
    /// Runs the program on the inputs in order and returns one result for each, or fewer: after the first TimeLimit, or the
    /// result that <see cref="ExecutionRequest.StopAfter"/> chose, the rest are not run. A failure of the sandbox itself is one result for all, with <see cref="ExecutionStatus.InfrastructureError"/>.
    /// </summary>
    Task<ImmutableArray<ExecutionResult>> RunAsync(ExecutionRequest request, CancellationToken cancellation = default);
}
