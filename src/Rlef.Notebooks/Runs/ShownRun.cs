using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Rlef.Experiments;
using Rlef.Learning;
using Rlef.Storage;

namespace Rlef.Notebooks;

/// <summary>A run's folder as a report reads it.</summary>
/// <param name="Name">What curves and tables call it.</param>
/// <param name="Metrics">One dictionary an update, at least one.</param>
/// <param name="Recipe">Its <c>config.json</c>.</param>
/// <param name="RecipeText">The same as it stands in the file.</param>
/// <param name="Environment">What it ran on, and from which update on where that changed; empty where it was not kept.</param>
/// <param name="Results">Before and after; null where it was not scored.</param>
internal sealed record ShownRun(
    RunDirectory Folder, string Name, IReadOnlyList<IReadOnlyDictionary<string, double>> Metrics, JsonObject Recipe, string RecipeText, JsonObject Environment, RunResults? Results)
{
    /// <exception cref="IOException">There is no such folder.</exception>
    /// <exception cref="InvalidDataException">It holds no run, one without an update, or a damaged file; the message names it.</exception>
    public static ShownRun Load(string path, string name)
    {
        var folder = RunDirectory.Open(path);
        var metrics = folder.ReadMetrics();
        if (metrics.Count == 0)
            throw new InvalidDataException($"{path}: the run has no update yet, so that there is nothing to show. metrics.jsonl has a line once the first has ended.");
        var recipe = File.ReadAllText(folder.File("config.json"));
        return new(folder, name, metrics, Parse(folder.File("config.json"), recipe), recipe,
            EnvironmentOf([.. folder.ReadStarts()]), RunResults.Find(folder.Path));
    }

    /// <summary>Names for runs: their folders', and as many of the folders above as tell them apart.</summary>
    /// <exception cref="ArgumentException">A run is given twice.</exception>
    public static IReadOnlyList<string> Names(IReadOnlyList<string> paths)
    {
        List<string[]> parts = [.. paths.Select(path => Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)).Split(Path.DirectorySeparatorChar))];
        if (parts.Select(p => string.Join('/', p)).GroupBy(p => p).FirstOrDefault(same => same.Count() > 1) is { } twice)
            throw new ArgumentException($"The run {twice.Key} is given twice.");
        for (var depth = 1; ; depth++)
        {
            List<string> names = [.. parts.Select(p => string.Join('/', p.TakeLast(depth)))];
            if (names.Distinct(StringComparer.Ordinal).Count() == names.Count) return names;
        }
    }

    /// <summary>The recipe's hash, by which sweeps and resumed runs know a run.</summary>
    public string Identity => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(RecipeText)));

    /// <summary>Updates that the run is to have.</summary>
    public int Planned => Recipe["updates"] is JsonValue value && value.TryGetValue<int>(out var updates) ? updates : Metrics.Count;

    private static JsonObject EnvironmentOf(IReadOnlyList<RunStart> starts)
    {
        var merged = new JsonObject();
        foreach (var name in starts.SelectMany(start => start.Environment.Select(entry => entry.Key)).Distinct())
        {
            var text = "";
            string? before = null;
            foreach (var (update, values) in starts)
                if (values[name]?.ToString() is { } value && value != before)
                {
                    text += before is null ? value : $"; from update {update + 1} on {value}";
                    before = value;
                }
            merged[name] = text;
        }
        return merged;
    }

    private static JsonObject Parse(string path, string text)
    {
        try
        {
            return JsonNode.Parse(text) as JsonObject ?? throw new JsonException("a JSON object is expected.");
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"{path}: {e.OneLine()}", e);
        }
    }
}
