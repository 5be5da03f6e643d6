using System.Collections.Immutable;
using Rlef.Execution;
using Rlef.Learning;
using Rlef.Problems;
using Rlef.Problems.Micro;
using Rlef.Randomness;

namespace Rlef.Experiments;

/// <summary>
/// The micro world's author at work on one task: broken programs that the policy sees but does not imitate, and then the right one, which it does.
/// </summary>
sealed class MicroScript : IDialogueAuthor
{
    /// <param name="Repair">Dose: share of dialogues that begin with a broken program.</param>
    /// <param name="Twice">Share of those that go on with a second one.</param>
    public sealed record Habits(double Repair = 0.05, double Twice = 0.25);

    readonly ImmutableArray<string> programs;
    int next;

    MicroScript(Problem problem, ImmutableArray<string> programs) => (Problem, this.programs) = (problem, programs);

    public Problem Problem { get; }

    /// <summary>What the author will write; breaks the task's program where the dialogue is to be one of repair and the public tests show it.</summary>
    public static async Task<MicroScript> PlanAsync(MicroTask task, MicroBreaker breaker, Habits habits, ulong seed, int index, CancellationToken cancellation = default)
    {
        var random = RandomStream.For(seed, index, -1);
        if (random.Chance(habits.Repair))
        {
            const int bugs = 12;
            var behaviour = await breaker.BreakAsync(task, bugs, index, cancellation);
            if (MicroTests.Choose(task, behaviour, ref random) is { } problem)
            {
                MicroBug[] telling = [.. behaviour.Bugs.Where(bug => problem.PublicTests.Any(test => !Passes(bug, task, test)))];
                random.Shuffle<MicroBug>(telling);
                return new(problem, [.. telling.Take(random.Chance(habits.Twice) ? 2 : 1).Select(b => b.Program), task.Program]);
            }
        }
        return new(new Problem { Id = task.Id, Statement = task.Statement, PublicTests = [], PrivateTests = [] }, [task.Program]);
    }

    static bool Passes(MicroBug bug, MicroTask task, TestCase test) =>
        bug.Outputs[task.Inputs.Select(i => i.Text).ToList().IndexOf(test.Input)] is { } output && OutputComparer.Equal(Comparison.Tokens, output, test.Output);

    public IDialogueAuthor.Attempt Next(Judgement? seen, ref RandomStream random)
    {
        var isLast = next == programs.Length - 1;
        return new(programs[next++], isLast, isLast);
    }
}
