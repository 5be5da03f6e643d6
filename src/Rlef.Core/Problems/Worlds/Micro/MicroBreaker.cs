using System.Collections.Immutable;
using System.Text.Json;
using Rlef.Execution;
using Rlef.Storage;

namespace Rlef.Problems.Micro;

/// <summary>Runs tasks' programs and breaks them, in the sandbox. What it finds depends on the task alone: time is counted in steps.</summary>
public sealed class MicroBreaker(ISandbox sandbox)
{
    const int Steps = 40_000;
    static readonly string Source = EmbeddedText.Read("bugs.py");
    static readonly Limits Limits = new(TimeSpan.FromSeconds(120), TimeSpan.FromSeconds(600), 2L << 30, 64 << 20);

    /// <param name="bugs">Broken versions at most.</param>
    public Task<MicroBehaviour> BreakAsync(MicroTask task, int bugs, int seed = 1, CancellationToken cancellation = default) =>
        BreakAsync(task.Id, task.Program, task.Variants, task.Inputs.Select(i => i.Text), bugs, seed, cancellation);

    /// <summary>The same for a problem's reference, on the inputs of all its tests.</summary>
    public Task<MicroBehaviour> BreakAsync(Problem problem, int bugs, int seed = 1, CancellationToken cancellation = default) =>
        BreakAsync(problem.Id, problem.Reference!, ImmutableSortedDictionary<string, string>.Empty, problem.AllTests.Select(t => t.Input), bugs, seed, cancellation);

    async Task<MicroBehaviour> BreakAsync(string id, string program, IReadOnlyDictionary<string, string> variants, IEnumerable<string> inputs, int bugs, int seed,
        CancellationToken cancellation)
    {
        var asked = JsonSerializer.Serialize(new
        {
            program,
            variants,
            inputs,
            count = bugs,
            seed,
            steps = Steps,
        });
        var result = (await sandbox.RunAsync(new(Source, [asked], null, Limits, Isolation.PerTest), cancellation))[0];
        if (result.Status != ExecutionStatus.Completed)
            throw new IOException($"The sandbox failed while it broke the program of {id}: {result.Status}: {result.Error?.Message}");
        using var answer = JsonDocument.Parse(result.Output);
        var root = answer.RootElement;
        return new(root.GetProperty("normal").GetString()!, Texts(root.GetProperty("outputs")),
            [.. root.GetProperty("bugs").EnumerateArray().Select(b => new MicroBug(b[0].GetString()!, b[1].GetString()!, Texts(b[2])))]);
    }

    static ImmutableArray<string?> Texts(JsonElement list) => [.. list.EnumerateArray().Select(t => t.GetString())];
}
