using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.CompilerServices;
using Rlef.Execution;
using Rlef.Problems.Nano;
using Rlef.Randomness;

namespace Rlef.Problems.Micro;

/// <summary>Makes problem sets of the micro world: draws tasks, runs and breaks their programs in the sandbox, and chooses their tests.</summary>
/// <param name="hidden">Share ρ of problems whose statement withholds something that only execution reveals: those of the nano world.</param>
public sealed class MicroFactory(ISandbox sandbox, ulong seed, double hidden = 0, MicroGenerator.Mix? mix = null)
{
    const int Bugs = 24;
    readonly MicroBreaker breaker = new(sandbox);

    /// <param name="exclude">Behaviours that no problem may have, whatever its statement; those of the new problems are added.</param>
    public async Task<ImmutableArray<Problem>> MakeAsync(Split split, int count, IReadOnlyList<string> families, HashSet<string> exclude,
        CancellationToken cancellation = default)
    {
        var random = RandomStream.For(seed, 17, (long)split);
        var places = new bool[count];
        for (var i = 0; i < count; i++)
            places[i] = random.Chance(hidden);
        using var withheld = new NanoGenerator(seed).Generate(split, Math.Max(1, places.Count(p => p)), [1, 2, 3]).GetEnumerator();
        await using var complete = Complete(split, families, exclude, cancellation).GetAsyncEnumerator(cancellation);
        var problems = ImmutableArray.CreateBuilder<Problem>(count);
        foreach (var place in places)
        {
            var more = place ? withheld.MoveNext() : await complete.MoveNextAsync();
            var problem = !more ? throw new InvalidOperationException("The world has no more problems.")
                : place ? Withholding(withheld.Current) : complete.Current;
            problems.Add(problem with { Id = string.Create(CultureInfo.InvariantCulture, $"{split.ToString().ToLowerInvariant()}-{problems.Count:D5}") });
        }
        return problems.MoveToImmutable();
    }

    static Problem Withholding(NanoTask task)
    {
        var problem = task.ToProblem();
        return problem with { Labels = problem.Labels.SetItem("family", "hidden-specification").SetItem("core", "hidden-specification/" + problem.Labels["hidden"]) };
    }

    // Broken and run many at a time, taken in the order in which they were drawn.
    async IAsyncEnumerable<Problem> Complete(Split split, IReadOnlyList<string> families, HashSet<string> exclude,
        [EnumeratorCancellation] CancellationToken cancellation)
    {
        foreach (var part in new MicroGenerator(seed, mix).Draw(split, families).Chunk(64))
        {
            var made = await Task.WhenAll(part.Select(task => MakeAsync(task, cancellation)));
            foreach (var (problem, behaviour) in made)
                if (problem is not null && exclude.Add(behaviour))
                    yield return problem;
        }
    }

    async Task<(Problem? Problem, string Behaviour)> MakeAsync(MicroTask task, CancellationToken cancellation)
    {
        var behaviour = await breaker.BreakAsync(task, Bugs, cancellation: cancellation);
        var random = RandomStream.For(seed, 23, (long)Splits.Hash(task.Program));
        var problem = MicroTests.Choose(task, behaviour, ref random);
        return (problem, problem is null ? "" : await BehaviourAsync(task, cancellation));
    }

    /// <summary>What the program does with inputs that are the same for all of its type: programs of one behaviour solve one problem.</summary>
    public async Task<string> BehaviourAsync(MicroTask task, CancellationToken cancellation = default)
    {
        var common = MicroInputs.Common(task.Type);
        var run = await breaker.BreakAsync(task with { Inputs = common }, 0, cancellation: cancellation);
        return task.Type + "\n" + string.Join('\n', run.Outputs.Select(o => o ?? "?"));
    }
}
