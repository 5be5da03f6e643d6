using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Rlef.Storage;

namespace Rlef.Experiments;

/// <summary>Claims of papers beside what sweeps found, as a table.</summary>
public static class Claims
{
    static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    /// <exception cref="InvalidDataException">A file is damaged or lacks what a claim names; the message says so.</exception>
    public static IReadOnlyList<Claim> Load(string path) => JsonFile.Read(path, text => JsonSerializer.Deserialize<Claim[]>(text, Json) ?? throw new JsonException("a JSON array of claims is expected."));

    /// <summary>The table in Markdown, with links relative to the claims' file.</summary>
    /// <param name="path">The claims' file.</param>
    public static string Table(string path)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        var results = new Dictionary<string, SweepResults>();
        var text = new StringBuilder("| claim | in the paper | here, paired, in points | runs | verdict |\n|---|---|---|---|---|\n");
        foreach (var claim in Load(path))
        {
            if (!results.TryGetValue(claim.Results, out var found))
                results.Add(claim.Results, found = SweepResults.Load(Path.Combine(folder, claim.Results)));
            var (row, effect) = claim.Find(found);
            var verdict = claim.Judge(effect) switch { Claim.Verdict.Replicates => "replicates", Claim.Verdict.DoesNot => "does not", _ => "unclear" };
            var shown = claim.Notebook ?? claim.Results.Replace(".results.json", ".json", StringComparison.Ordinal);
            text.Append($"| {claim.Says} | {claim.Found} ({claim.Paper}) | {effect.Points} | {row.Runs} | [{verdict}]({shown}) |\n");
        }
        return text.ToString();
    }
}
