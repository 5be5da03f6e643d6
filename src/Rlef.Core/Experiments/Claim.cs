using System.Globalization;
using Rlef.Evaluation;

namespace Rlef.Experiments;

/// <summary>Something that a paper says, and the row of a sweep's results that tests it here.</summary>
/// <param name="Paper">And where in it; <see cref="InNoPaper"/> for what is asked here alone.</param>
/// <param name="Says">What is claimed, as a sentence.</param>
/// <param name="Found">The effect that the paper prints.</param>
/// <param name="Results">Results file of a sweep, relative to the claims' file; its sweep stands beside it.</param>
/// <param name="Arm">With <paramref name="Feedback"/> and <paramref name="Budget"/>, the row of the results.</param>
/// <param name="World">Where it is tested.</param>
/// <param name="Than">The other arm, where two are compared.</param>
/// <param name="Notebook">Where it is shown, relative to the claims' file.</param>
/// <param name="Explained">Share of the returns' variance that a critic must explain for the claim to be judged: that of the arm it is compared with, or else
/// its own. Null for a claim that asks nothing of critics.</param>
public sealed record Claim(string Paper, string Says, string Found, string World, string Results, string Arm, string Feedback, string Budget, Claim.Measure Of, Claim.Direction Is,
    string? Notebook = null, string? Than = null, double? Explained = null)
{
    /// <summary>What is compared, paired (<see cref="SweepResults.Row"/>).</summary>
    public enum Measure { Gain, Difference, FromFeedback, FromIndependent, FromShorter }

    /// <summary>What the claim expects of it; <see cref="Small"/> is less than <see cref="Margin"/> in either direction, <see cref="NoMore"/> less than it upwards.</summary>
    public enum Direction { Positive, Negative, Small, NoMore }

    public enum Verdict { Replicates, DoesNot, Unclear }

    /// <summary>In place of a paper, where none makes the claim: there is nothing to replicate, and it holds here or does not.</summary>
    public const string InNoPaper = "not in it";

    public string InWords(Verdict verdict) => verdict switch { Verdict.Unclear => "unclear", Verdict.DoesNot => "does not", _ when Paper == InNoPaper => "holds", _ => "replicates" };

    /// <summary>Difference in shares that counts as none.</summary>
    public const double Margin = 0.05;

    /// <summary>What a sweep found of it, in words: the difference, of how many seeds from how many base policies, what a run of the arm cost, and the verdict.</summary>
    /// <inheritdoc cref="Find" path="/exception"/>
    public (string Effect, string Runs, string Cost, string Verdict) Test(SweepResults results)
    {
        var (row, effect) = Find(results);
        var own = results.Runs.Where(r => r.Arm == Arm).ToList();
        var explained = Explained is null ? null : results.Runs.Where(r => r.Arm == (Than ?? Arm)).Average(r => r.ExplainedVariance);
        return (effect.Points,
            Arm == SweepResults.Base ? $"base × {row.Runs}" : own.Count == 0 ? $"{row.Runs}" : $"{own.Select(r => r.Seed).Distinct().Count()} × {own.Select(r => r.Policy).Distinct().Count()}",
            own.Count == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"{own.Average(r => r.Minutes):F0} min, {own.Average(r => r.Tests) / 1000:F0}k tests"),
            Explained is { } least && !(explained >= least) ? string.Create(CultureInfo.InvariantCulture,
                $"not judged: the critic explains {(explained is null ? "an unknown share" : $"{100 * explained:F1} %")}, not {100 * least:F0} %") : InWords(Judge(effect, row.Runs)));
    }

    /// <exception cref="InvalidDataException">The results have no such comparison; the message says which there are.</exception>
    public (SweepResults.Row Row, Interval Effect) Find(SweepResults results)
    {
        var row = results.Rows.FirstOrDefault(r => (r.Arm, r.Feedback, r.Budget) == (Arm, Feedback, Budget));
        var effect = row is null ? null : Of switch
        {
            Measure.Gain => row.Gain,
            Measure.Difference => row.FromArms.GetValueOrDefault(Than ?? ""),
            Measure.FromFeedback => row.FromFeedback,
            Measure.FromShorter => row.FromShorter,
            _ => row.FromIndependent,
        };
        return row is not null && effect is not null ? (row, effect) : throw new InvalidDataException($"{Results} has no {Of} of arm '{Arm}'{(Than is null ? "" : $" than '{Than}'")}, " +
            $"feedback '{Feedback}', " +
            $"budget '{Budget}': there are {string.Join("; ", results.Rows.Select(r => $"{r.Arm}, {r.Feedback}, {r.Budget}"))}.");
    }

    /// <summary>
    /// By the interval of the paired difference: all of it where the claim says, all of it elsewhere, or neither. That of a single training run or base policy holds nothing of
    /// another's chance, so that it decides nothing.
    /// </summary>
    /// <param name="runs">Of the arm; of the base policies, how many there are.</param>
    public Verdict Judge(Interval effect, int runs) => runs < 2 ? Verdict.Unclear : Is switch
    {
        Direction.Positive => effect.Low > 0 ? Verdict.Replicates : effect.High < 0 ? Verdict.DoesNot : Verdict.Unclear,
        Direction.Negative => effect.High < 0 ? Verdict.Replicates : effect.Low > 0 ? Verdict.DoesNot : Verdict.Unclear,
        Direction.NoMore => effect.High < Margin ? Verdict.Replicates : effect.Low > Margin ? Verdict.DoesNot : Verdict.Unclear,
        _ => effect.Low > -Margin && effect.High < Margin ? Verdict.Replicates : effect.High < -Margin || effect.Low > Margin ? Verdict.DoesNot : Verdict.Unclear,
    };
}
