using System.Globalization;
using System.Text.Json;
using Rlef.Rewards;

namespace Rlef.Goldens;

/// <summary>RLTF's coarse and adaptive reward of an outcome and a share of passed tests.</summary>
sealed class RltfLevels : IGoldenFile
{
    public string Name => Rltf.File;

    public IReadOnlyList<Departure> Departures => ListedDepartures.RltfLevels;

    public IReadOnlyList<string> Needs => [];

    public Task<IReadOnlyList<GoldenCase>> RunAsync(IReadOnlyList<JsonElement> rows, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<GoldenCase>>([.. Rltf.Of(rows, "reward").Select(row =>
        {
            var inputs = row.GetProperty("inputs");
            var outcome = Rltf.OutcomeOf(row, "outcome");
            var share = inputs.GetProperty("pass_ratio") is { ValueKind: JsonValueKind.Number } ratio ? ratio.GetDouble() : (double?)null;
            return new GoldenValue(row, Rltf.NameOf(row), Words(Rltf.Paper(row)),
                Words(RltfReward.Coarse(outcome), Rltf.HasAdaptive(row) ? RltfReward.Adaptive(outcome, share ?? 0) : null));
        })]);

    /// <summary>The levels that a row gives; where its adaptive one is null, the row does not say.</summary>
    public static string Words(JsonElement paper) =>
        Words(paper.GetProperty("coarse").GetDouble(), paper.GetProperty("adaptive") is { ValueKind: JsonValueKind.Number } adaptive ? adaptive.GetDouble() : null);

    public static string Words(double coarse, double? adaptive) =>
        string.Create(CultureInfo.InvariantCulture, $"coarse {coarse:0.######}{(adaptive is null ? "" : $", adaptive {adaptive:0.######}")}");
}
