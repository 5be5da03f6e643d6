namespace Rlef.Problems.Nano;

/// <summary>The shipped problem sets.</summary>
public static class NanoSets
{
    public const ulong Seed = 2024;

    /// <summary>Difficulty 0 is spelled out completely; from 1 on something is left for execution to reveal.</summary>
    public static IEnumerable<(Split Split, IReadOnlyList<NanoTask> Tasks)> All(ulong seed = Seed) =>
        from part in ((Split Split, int Count)[])[(Split.Train, 2000), (Split.Validation, 200), (Split.Test, 400)]
        select (part.Split, (IReadOnlyList<NanoTask>)[.. new NanoGenerator(seed).Generate(part.Split, part.Count, [0, 1, 2, 3])]);
}
