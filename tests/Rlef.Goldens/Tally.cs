namespace Rlef.Goldens;

/// <summary>How many rows of a file agree, depart on purpose, and differ.</summary>
sealed class Tally(string name)
{
    readonly SortedDictionary<string, int> departed = new(StringComparer.Ordinal);
    readonly List<GoldenCase> different = [];

    public int Agree { get; private set; }

    public int Departed => departed.Values.Sum();

    public int Differ => different.Count;

    public void Add(IGoldenFile file, IEnumerable<GoldenCase> cases)
    {
        foreach (var golden in cases)
            if (golden.Theirs == golden.Ours)
                Agree++;
            else if (file.Departures.FirstOrDefault(d => d.Holds(golden)) is { } departure)
                departed[departure.Kind] = departed.GetValueOrDefault(departure.Kind) + 1;
            else
                different.Add(golden);
    }

    public void Print()
    {
        Console.WriteLine($"{name}: {Agree} agree, {Departed} depart as listed, {Differ} differ");
        foreach (var (kind, count) in departed)
            Console.WriteLine($"    {count,4}  {kind}");
        foreach (var golden in different)
            Console.WriteLine($"    differs: {golden.Name}: {(golden.Theirs ? "accepted" : "refused")} there, {golden.Detail} here");
    }
}
