using System.Collections.Immutable;
using System.Text.Json;
using Rlef.Execution;
using Rlef.Problems;
using Rlef.Storage;

namespace Rlef.Evaluation.Audit;

/// <summary>Makes mutants of references (DeMillo, Lipton and Sayward 1978) from their syntax trees, in the sandbox.</summary>
public sealed class Mutator(ISandbox sandbox)
{
    static readonly string Source = EmbeddedText.Read("mutator.py");
    static readonly Limits Limits = new(TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(300), 2L << 30, 64 << 20);

    /// <param name="count">Mutants at most; small programs have fewer.</param>
    /// <returns>Mutants with the operators in turn; the same for the same seed. None for a program that is no Python, or too deep.</returns>
    public async Task<ImmutableArray<Mutant>> MutateAsync(Problem problem, int count, int seed, CancellationToken cancellation = default)
    {
        var asked = JsonSerializer.Serialize(new { program = problem.Reference, count, seed });
        var result = (await sandbox.RunAsync(new(Source, [asked], null, Limits, Isolation.PerTest), cancellation))[0];
        if (result.Status == ExecutionStatus.InfrastructureError)
            throw new IOException($"The sandbox failed while it made mutants of {problem.Id}: {result.Error?.Message}");
        if (result.Status != ExecutionStatus.Completed)
            return [];
        using var made = JsonDocument.Parse(result.Output);
        return [.. made.RootElement.EnumerateArray().Select(m => new Mutant(problem.Id, m[0].GetString()!, m[1].GetInt32(), m[2].GetString()!))];
    }
}
