using System.Collections.Immutable;
using Rlef.Randomness;

namespace Rlef.Problems.Nano;

/// <summary>Draws problems of the nano world. The same seed gives the same problems on every machine.</summary>
public sealed class NanoGenerator(ulong seed)
{
    const int PrivateTests = 6;

    /// <param name="difficulties">Numbers of hidden dimensions, 0 to 3, from which one is drawn for each problem.</param>
    public IEnumerable<NanoTask> Generate(Split split, int count, IReadOnlyList<int> difficulties)
    {
        var random = RandomStream.For(seed, (long)split);
        var seen = new HashSet<string>();
        for (var i = 0; i < count;)
        {
            var task = Draw(ref random, $"{split.ToString().ToLowerInvariant()}-{i:D5}", random.Pick(difficulties));
            if (task is null || Splits.Of(task.Composition) != split || !seen.Add(task.Statement + task.Truth))
                continue;
            i++;
            yield return task;
        }
    }

    static NanoTask? Draw(ref RandomStream random, string id, int difficulty)
    {
        var final = random.Pick(NanoOperation.Finals);
        var plain = NanoOperation.Steps.Where(s => !s.IsAmbiguous).ToList();
        List<NanoOperation> operations = [random.Pick(plain)];
        if (random.Chance(0.4))
            operations.Add(random.Pick(plain));
        // Exactly one word of a problem has two readings.
        if (!final.IsAmbiguous)
            operations.Insert(random.NextInt(operations.Count + 1), random.Pick([.. NanoOperation.Steps.Where(s => s.IsAmbiguous)]));
        if (operations.Distinct().Count() < operations.Count)
            return null;
        var steps = ImmutableArray.CreateBuilder<(NanoOperation, int)>();
        foreach (var operation in operations)
            steps.Add((operation, operation.Constants is { } constants ? random.Pick(constants) : 0));
        var truth = new NanoChoices(random.Pick(Enum.GetValues<Layout>()), random.Pick(Enum.GetValues<Format>()), random.Chance(0.5));
        Dimensions[] dimensions = [Dimensions.Layout, Dimensions.Format, Dimensions.Reading];
        random.Shuffle<Dimensions>(dimensions);
        var hidden = dimensions.Take(difficulty).Aggregate(Dimensions.None, (a, b) => a | b);
        var task = new NanoTask(id, steps.ToImmutable(), final, truth, hidden, []);
        return Inputs(ref random, task) is { } inputs ? task with { Inputs = inputs } : null;
    }

    static ImmutableArray<int[]>? Inputs(ref RandomStream random, NanoTask task)
    {
        for (var attempt = 0; attempt < 200; attempt++)
        {
            var numbers = Numbers(ref random, random.NextInt(4, 6));
            if (!IsTelling(task, numbers))
                continue;
            var inputs = ImmutableArray.Create<int[]>([numbers]);
            for (var tries = 0; inputs.Length <= PrivateTests && tries < 200; tries++)
            {
                numbers = Numbers(ref random, random.NextInt(2, 9));
                if (!inputs.Any(numbers.SequenceEqual) && Readings(task, numbers).All(o => o is not null) && (inputs.Length > 2 || IsTelling(task, numbers)))
                    inputs = inputs.Add(numbers);
            }
            return inputs.Length > PrivateTests ? inputs : null;
        }
        return null;
    }

    static int[] Numbers(ref RandomStream random, int count)
    {
        var numbers = new int[count];
        for (var i = 0; i < count; i++)
            numbers[i] = random.NextInt(-9, 19);
        if (random.Chance(0.5))
            numbers[random.NextInt(count)] = numbers[random.NextInt(count)];
        return numbers;
    }

    // On a telling input every wrong combination of choices is found out.
    static bool IsTelling(NanoTask task, int[] numbers)
    {
        var right = task.Output(task.Truth, numbers);
        return right is not null && Readings(task, numbers).All(o => o is not null)
            && NanoChoices.All.All(c => c == task.Truth || task.Output(c, numbers) != right);
    }

    static IEnumerable<string?> Readings(NanoTask task, int[] numbers) =>
        [task.Output(task.Truth, numbers), task.Output(task.Truth with { Second = !task.Truth.Second }, numbers)];
}
