using System.Text.Json;
using Rlef.Storage;

namespace Rlef.Experiments;

/// <summary>What a run achieved on held-out problems; kept as <c>results.json</c> in its folder.</summary>
public sealed record RunResults(int Problems, SolveRates Before, SolveRates After)
{
    const string FileName = "results.json";
    static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, WriteIndented = true, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true,
    };

    public void Save(string run) => AtomicFile.WriteText(Path.Combine(run, FileName), JsonSerializer.Serialize(this, Json) + "\n");

    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    public static RunResults Load(string run) => JsonFile.Read(Path.Combine(run, FileName),
        text => JsonSerializer.Deserialize<RunResults>(text, Json) ?? throw new JsonException("results are expected, not null."));

    /// <summary>Null for a run that was not scored.</summary>
    public static RunResults? Find(string run) => File.Exists(Path.Combine(run, FileName)) ? Load(run) : null;
}
