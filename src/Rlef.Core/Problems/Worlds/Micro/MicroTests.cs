using System.Collections.Immutable;
using Rlef.Execution;
using Rlef.Randomness;

namespace Rlef.Problems.Micro;

/// <summary>
/// Makes a problem of a task: one to three typical inputs as public tests, and as private ones borders, typical and large inputs and whatever else it
/// takes for every known broken version to fail some test.
/// </summary>
public static class MicroTests
{
    public const int FewestPrivate = 10, MostPrivate = 20;
    const int LongestShown = 60, LongestOutput = 400, FewestAnswers = 4;

    // A right program takes milliseconds; one that runs on for ever should not hold up the others for longer than needed to tell.
    static readonly Limits Limits = Limits.Default with { Cpu = TimeSpan.FromSeconds(0.4), Wall = TimeSpan.FromSeconds(4) };

    /// <returns>Null where the inputs do not tell enough: too few with a result, or too few different results.</returns>
    public static Problem? Choose(MicroTask task, MicroBehaviour behaviour, ref RandomStream random)
    {
        int[] usable = [.. Enumerable.Range(0, task.Inputs.Length).Where(i => behaviour.Outputs[i] is { Length: <= LongestOutput })];
        var shown = Shown(task, behaviour, usable, ref random);
        if (shown.Count == 0)
            return null;
        List<int> hidden = [];
        foreach (var (kind, count) in ((MicroInput.Sort, int)[])[(MicroInput.Sort.Border, 6), (MicroInput.Sort.Typical, 4), (MicroInput.Sort.Large, 2)])
            hidden.AddRange(usable.Where(i => task.Inputs[i].Kind == kind && !shown.Contains(i)).Take(count));
        Uncover(behaviour, [.. usable.Where(i => !shown.Contains(i))], hidden);
        if (hidden.Count < FewestPrivate || shown.Concat(hidden).Select(i => behaviour.Outputs[i]).Distinct().Count() < FewestAnswers)
            return null;
        return new Problem
        {
            Id = task.Id,
            Statement = task.Statement,
            PublicTests = [.. shown.Select(Test)],
            PrivateTests = [.. hidden.Select(Test)],
            Reference = task.Program,
            Limits = Limits,
            Labels = ImmutableDictionary.CreateRange(StringComparer.Ordinal, new Dictionary<string, string>
            {
                ["composition"] = task.Composition,
                ["core"] = $"{task.Family}/{task.Core}",
                ["family"] = task.Family,
            }),
        };

        TestCase Test(int i) => new(task.Inputs[i].Text, behaviour.Outputs[i]!);
    }

    // Typical and short, with different results where there are some.
    static List<int> Shown(MicroTask task, MicroBehaviour behaviour, int[] usable, ref RandomStream random)
    {
        var count = random.NextInt(1, 3);
        int[] order = [.. usable.Where(i => task.Inputs[i].Kind == MicroInput.Sort.Typical && task.Inputs[i].Text.Length <= LongestShown
            && behaviour.Outputs[i]!.Length is > 1 and <= LongestShown)];
        random.Shuffle<int>(order);
        return [.. order.DistinctBy(i => behaviour.Outputs[i]).Take(count)];
    }

    // Adds the input that finds out most of the broken versions that none so far does, until all are found out.
    static void Uncover(MicroBehaviour behaviour, int[] usable, List<int> hidden)
    {
        List<MicroBug> left = [.. behaviour.Bugs.Where(b => !hidden.Exists(i => Shows(b, i)))];
        while (left.Count > 0 && hidden.Count < MostPrivate)
        {
            var best = usable.Except(hidden).MaxBy(i => left.Count(b => Shows(b, i)));
            if (left.RemoveAll(b => Shows(b, best)) == 0)
                return;
            hidden.Add(best);
        }

        bool Shows(MicroBug bug, int i) => bug.Outputs[i] is not { } output || !OutputComparer.Equal(Comparison.Tokens, output, behaviour.Outputs[i]!);
    }
}
