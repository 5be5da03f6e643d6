namespace Rlef.Goldens;

/// <summary>How many rows of a file agree, depart on purpose, differ, and ask for what we do not have.</summary>
sealed class Tally(string name)
{
    const int Shown = 3;

    readonly SortedDictionary<string, List<string>> departed = new(StringComparer.Ordinal);
    readonly SortedDictionary<string, int> missing = new(StringComparer.Ordinal);
    readonly List<GoldenCase> different = [];

    public int Agree { get; private set; }

    public int Departed => departed.Values.Sum(rows => rows.Count);

    public int Differ => different.Count;

    public int NotOffered => missing.Values.Sum();

    public void Add(IReadOnlyList<Departure> departures, IEnumerable<GoldenCase> cases)
    {
        foreach (var golden in cases)
            if (golden.NotOffered is { } what)
                missing[what] = missing.GetValueOrDefault(what) + 1;
            else if (golden.Theirs == golden.Ours)
                Agree++;
            else if (departures.FirstOrDefault(d => d.Holds(golden)) is { } departure)
            {
                if (!departed.TryGetValue(departure.Kind, out var rows))
                    departed[departure.Kind] = rows = [];
                rows.Add(golden.Name);
            }
            else
                different.Add(golden);
    }

    public void Print()
    {
        Console.WriteLine($"{name}: {Agree} agree, {Departed} depart as listed, {Differ} differ{(NotOffered > 0 ? $", {NotOffered} not offered" : "")}");
        foreach (var (kind, rows) in departed)
            Console.WriteLine($"    {rows.Count,4}  {kind} ({string.Join("; ", rows.Take(Shown))}{(rows.Count > Shown ? "; …" : "")})");
        if (NotOffered > 0)
            Console.WriteLine($"    {NotOffered,4}  not offered: {string.Join(", ", missing.Select(m => $"{m.Key} ({m.Value})"))}");
        foreach (var golden in different)
            Console.WriteLine($"    differs: {golden.Name}: {golden.Difference}");
    }
}
