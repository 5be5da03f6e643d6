using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Rlef.Storage;

namespace Rlef.Experiments;

/// <summary>Claims of papers beside what sweeps found, as a table.</summary>
public static class Claims
{
    static readonly JsonSerializerOptions Json = new(SnakeJson.KnownOnly)
    {
        AllowDuplicateProperties = false,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    /// <exception cref="InvalidDataException">A file is damaged or lacks what a claim names; the message says so.</exception>
    public static IReadOnlyList<Claim> Load(string path) => JsonFile.Read(path, text => JsonSerializer.Deserialize<Claim[]>(text, Json)
        ?? throw new JsonException("a JSON array of claims is expected."));

    /// <summary>Those that a sweep's results test, in the file's order.</summary>
    /// <param name="path">The claims' file.</param>
    /// <param name="results">The results' file.</param>
    public static IEnumerable<Claim> TestedBy(string path, string results) =>
        Load(path).Where(c => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Path.GetFullPath(path))!, c.Results)) == Path.GetFullPath(results));

    /// <summary>The table in Markdown.</summary>
    /// <param name="path">The claims' file.</param>
    /// <param name="page">The file that the table will stand in, for its links; null for one beside the claims.</param>
    public static string Table(string path, string? page = null)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        var place = page is null ? folder : Path.GetDirectoryName(Path.GetFullPath(page))!;
        var results = new Dictionary<string, SweepResults>();
        var text = new StringBuilder("| claim | in the paper | world | here, paired, in points | seeds × base policies | a run | verdict |\n|---|---|---|---|---|---|---|\n");
        foreach (var claim in Load(path))
        {
            if (!results.TryGetValue(claim.Results, out var found))
                results.Add(claim.Results, found = SweepResults.Load(Path.Combine(folder, claim.Results)));
            var (effect, runs, cost, verdict) = claim.Test(found);
            var shown = Path.Combine(folder, claim.Notebook ?? claim.Results.Replace(".results.json", ".json", StringComparison.Ordinal));
            text.Append($"| {claim.Says} | {claim.Found} ({claim.Paper}) | {claim.World} | {effect} | {runs} | {cost} | [{verdict}]({Path.GetRelativePath(place, shown).Replace('\\', '/')}) |\n");
        }
        return text.ToString();
    }
}
