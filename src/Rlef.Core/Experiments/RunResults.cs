using System.Text.Json;
using Rlef.Storage;

namespace Rlef.Experiments;

/// <summary>What a run achieved on held-out problems; kept as <c>results.json</c> in its folder.</summary>
public sealed record RunResults(int Problems, SolveRates Before, SolveRates After)
{
    const string FileName = "results.json";
    static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, WriteIndented = true };

    public void Save(string run) => AtomicFile.WriteText(Path.Combine(run, FileName), JsonSerializer.Serialize(this, Json) + "\n");

    public static RunResults Load(string run) => JsonSerializer.Deserialize<RunResults>(File.ReadAllText(Path.Combine(run, FileName)), Json)!;
}
