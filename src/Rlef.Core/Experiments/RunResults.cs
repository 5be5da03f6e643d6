using System.Text.Json;
using Rlef.Evaluation;
using Rlef.Storage;

namespace Rlef.Experiments;

/// <summary>What a run achieved on held-out problems; kept as <c>results.json</c> in its folder.</summary>
/// <param name="Change">From before to after, paired by problem.</param>
public sealed record RunResults(int Problems, SolveRates Before, SolveRates After, SolveRates Change)
{
    const string FileName = "results.json";

    /// <param name="after">One a seed.</param>
    public static RunResults Of(EvaluationResult before, params IReadOnlyList<EvaluationResult> after) =>
        new(before.Outcomes.DistinctBy(o => o.Problem).Count(), SolveRates.Of(before), SolveRates.Of(after), SolveRates.Change(before, after));

    /// <summary>The measures by name, as tables show them.</summary>
    public IEnumerable<(string Measure, Interval Before, Interval After, Interval Change)> Rows() =>
    [
        ("one program (1@1)", Before.First, After.First, Change.First),
        ("three independent programs (1@3, single-turn)", Before.SingleTurn, After.SingleTurn, Change.SingleTurn),
        ("one dialogue of three turns (1@3, multi-turn)", Before.MultiTurn, After.MultiTurn, Change.MultiTurn),
    ];

    public void Save(string run) => AtomicFile.WriteText(Path.Combine(run, FileName), JsonSerializer.Serialize(this, SnakeJson.Indented) + "\n");

    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    public static RunResults Load(string run) => JsonFile.Read(Path.Combine(run, FileName),
        text => JsonSerializer.Deserialize<RunResults>(text, SnakeJson.Indented) ?? throw new JsonException("results are expected, not null."));

    /// <summary>Null for a run that was not scored.</summary>
    public static RunResults? Find(string run) => File.Exists(Path.Combine(run, FileName)) ? Load(run) : null;
}
