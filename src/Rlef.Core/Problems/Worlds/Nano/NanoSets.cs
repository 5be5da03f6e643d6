namespace Rlef.Problems.Nano;

/// <summary>The shipped problem sets.</summary>
public static class NanoSets
{
    public const ulong Seed = 2024;

    /// <summary>
    /// Difficulty 0 is spelled out completely; from 1 on something is left for execution to reveal. The base policy solves difficulty 0 already, so
    /// training does without it unless <paramref name="training"/> names it.
    /// </summary>
    /// <param name="training">Difficulties of the training set; the others have all.</param>
    /// <exception cref="ArgumentException">A difficulty is none of 0 to 3, or none is named.</exception>
    public static IEnumerable<(Split Split, IReadOnlyList<NanoTask> Tasks)> All(ulong seed = Seed, params IReadOnlyList<int> training)
    {
        if (training.Any(d => d is < 0 or > 3))
            throw new ArgumentException($"Difficulties of nano problems are 0 to 3, the number of things that a statement leaves out, not {training.First(d => d is < 0 or > 3)}.");
        return from part in ((Split Split, int Count, IReadOnlyList<int> Difficulties)[])
            [(Split.Train, 2000, training is [] ? [1, 2, 3] : training), (Split.Validation, 200, [0, 1, 2, 3]), (Split.Test, 400, [0, 1, 2, 3])]
               select (part.Split, (IReadOnlyList<NanoTask>)[.. new NanoGenerator(seed).Generate(part.Split, part.Count, part.Difficulties)]);
    }
}
