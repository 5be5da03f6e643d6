namespace Rlef.Problems.Nano;

/// <summary>The shipped problem sets.</summary>
public static class NanoSets
{
    public const ulong Seed = 2024;

    /// <summary>
    /// Difficulty 0 is spelled out completely; from 1 on something is left for execution to reveal. The base policy solves difficulty 0 already, so
    /// training does without it.
    /// </summary>
    public static IEnumerable<(Split Split, IReadOnlyList<NanoTask> Tasks)> All(ulong seed = Seed) =>
        from part in ((Split Split, int Count, int[] Difficulties)[])
            [(Split.Train, 2000, [1, 2, 3]), (Split.Validation, 200, [0, 1, 2, 3]), (Split.Test, 400, [0, 1, 2, 3])]
        select (part.Split, (IReadOnlyList<NanoTask>)[.. new NanoGenerator(seed).Generate(part.Split, part.Count, part.Difficulties)]);
}
