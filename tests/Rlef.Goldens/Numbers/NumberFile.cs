using System.Text.Json;

namespace Rlef.Goldens.Numbers;

/// <summary>A file of losses, estimates and their gradients.</summary>
abstract class NumberFile(string name) : IGoldenFile
{
    public static IReadOnlyList<IGoldenFile> All { get; } =
    [
        new RlefFile(), new VerlAdvantages(), new VerlLosses(), new VerlKl(), new VerlCorrections(), new TrlGrpo(), new TrlRloo(), new TrlTargets(), new OpenRlhf(),
        new RltfLosses(), new CodeRlLosses(),
    ];

    public string Name => name;

    public IReadOnlyList<Departure> Departures { get; } = [.. Kinds.All.Select(kind => new Departure(kind, c => c is GoldenNumbers { Found: null } n && n.Kind == kind))];

    public IReadOnlyList<string> Needs => [];

    /// <summary>How ours are got, by function. What is not among them we do not offer.</summary>
    protected abstract IReadOnlyDictionary<string, Action<NumberRow, Comparison>> Functions { get; }

    /// <summary>Functions of the file that are compared elsewhere.</summary>
    protected virtual IReadOnlyCollection<string> Elsewhere => [];

    public Task<IReadOnlyList<GoldenCase>> RunAsync(IReadOnlyList<JsonElement> rows, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<GoldenCase>>([.. rows.Where(r => !Elsewhere.Contains(r.GetProperty("function").GetString())).Select(Run)]);

    GoldenCase Run(JsonElement json)
    {
        var row = new NumberRow(json);
        if (!Functions.TryGetValue(row.Function, out var function))
            return new GoldenNumbers(json, row.Name, null, null, row.Function);
        var comparison = new Comparison();
        try
        {
            function(row, comparison);
        }
        catch (NotOfferedException e)
        {
            return new GoldenNumbers(json, row.Name, null, null, e.Message);
        }
        return new GoldenNumbers(json, row.Name, comparison.Kind, comparison.Difference, null);
    }
}
