using System.Globalization;
using Rlef.Advantages;
using Rlef.Dialogue;
using Rlef.Execution;
using Rlef.Experience;
using Rlef.Objectives;
using Rlef.Policy;
using static TorchSharp.torch;

namespace Rlef.Learning;

/// <summary>Collects the numbers of one update. docs/metrics.md says what each means.</summary>
sealed class Metrics(int update)
{
    readonly SortedDictionary<string, double> values = new(StringComparer.Ordinal) { ["update"] = update };
    readonly List<double> ratios = [], norms = [];
    double policyLoss, valueLoss, clipped, approximateKl;
    long tokens;
    int steps;

    public IReadOnlyDictionary<string, double> Values
    {
        get
        {
            if (steps > 0)
            {
                values["policy_loss"] = policyLoss / steps;
                values["value_loss"] = valueLoss / steps;
                values["gradient_norm"] = norms.Average();
            }
            if (tokens > 0)
            {
                values["clip_fraction"] = clipped / tokens;
                values["approx_kl"] = approximateKl / tokens;
                values["ratio_max"] = ratios.Max();
            }
            return values;
        }
    }

    public void AddRollouts(IReadOnlyList<Episode> episodes, RolloutCost cost)
    {
        var turns = episodes.SelectMany(e => e.Own).ToList();
        if (episodes.Where(e => e.Counts).ToList() is { Count: > 0 } counted)
        {
            values["solve_rate"] = counted.Average(e => e.Solved ? 1.0 : 0);
            values["first_turn_pass_rate"] = counted.Average(e => e.Own.First().Public is { Accepted: true } ? 1.0 : 0);
            values["public_pass_rate"] = counted.Average(e => e.Last.Public is { Accepted: true } ? 1.0 : 0);
        }
        values["episodes"] = episodes.Count;
        values["turns"] = turns.Count / (double)episodes.Count;
        values["response_tokens"] = turns.Sum(t => t.Response.Length) / Math.Max(1.0, turns.Count);
        values["no_code_rate"] = turns.Count(t => t.Code is null) / Math.Max(1.0, turns.Count);
        values["masked_episodes"] = episodes.Count(e => e.Masked);
        values["silent_episodes"] = episodes.Count(e => !e.Masked && !e.Counts);
        foreach (var kind in Enum.GetValues<VerdictKind>())
            values[$"verdict_{kind.ToString().ToLowerInvariant()}"] = turns.Count(t => t.Public?.Kind == kind) / Math.Max(1.0, turns.Count);
        values["generation_seconds"] = cost.Generation.TotalSeconds;
        AddRate("generation_tokens_per_second", cost.GeneratedTokens, cost.Generation);
        values["judge_wait_seconds"] = cost.JudgeWait.TotalSeconds;
        values["executions"] = cost.Executions;
        AddRate("executions_per_second", cost.Executions, cost.Generation + cost.JudgeWait);
    }

    void AddRate(string name, long count, TimeSpan time)
    {
        if (time > TimeSpan.Zero)
            values[name] = count / time.TotalSeconds;
    }

    /// <exception cref="NotFiniteNumberException">One of the numbers is not finite; the message names it.</exception>
    public void Check()
    {
        foreach (var (name, value) in Values)
            if (!double.IsFinite(value))
                throw new NotFiniteNumberException($"the metric {name} is {value.ToString(CultureInfo.InvariantCulture)}.");
    }

    public void AddRewards(IReadOnlyList<TrainingSequence> sequences, bool flat)
    {
        values["flat_rewards"] = flat ? 1 : 0;
        values["reward"] = sequences.Average(s => s.Reward);
        var (returns, predictions) = (sequences.SelectMany(s => s.Returns).ToArray(), sequences.SelectMany(s => s.OldValues).ToArray());
        if (returns.Length > 0)
        {
            values["return"] = returns.Average();
            // Of returns that do not vary there is nothing to explain.
            var (_, variance) = Moments.Of(returns);
            values["explained_variance"] = flat || variance < 1e-9 ? 0 : 1 - Moments.Of([.. returns.Zip(predictions, (r, v) => r - v)]).Variance / variance;
        }
    }

    /// <summary>How far from the reference, from what was sampled and from certainty the policy is, by sequences that it was asked about.</summary>
    /// <param name="entropies">Sums over tokens, with their number.</param>
    public void AddMeasured(IReadOnlyList<TrainingSequence> sequences, IReadOnlyCollection<(float Sum, long Tokens)> entropies)
    {
        values["kl"] = sequences.Average(s => Enumerable.Range(0, s.Spans.Length).Average(i => KlPenalty.Over(s, i, KlPenalty.Estimator.K1)));
        values["entropy"] = entropies.Sum(e => e.Sum) / entropies.Sum(e => e.Tokens);
        values["behaviour_gap"] = sequences.Max(s => s.OldLogProbs.Zip(s.Behaviour, (o, b) => Math.Abs(o - b)).Max());
    }

    public void AddMeasuring(TimeSpan time) => values["measuring_seconds"] = values.GetValueOrDefault("measuring_seconds") + time.TotalSeconds;

    /// <summary>Weight of the KL penalty.</summary>
    public void AddKlWeight(double weight) => values["kl_weight"] = weight;

    /// <summary>References that are imitated.</summary>
    public void AddReferences(int count) => values["references"] = count;

    public void AddSkipped(bool skipped) => values["skipped_updates"] = skipped ? 1 : 0;

    /// <summary>Sums over those tokens of a part of a minibatch whose old policy is known; <paramref name="RatioMax"/> is their largest.</summary>
    public readonly record struct Part(double PolicyLoss, double ValueLoss, double Clipped, double Kl, double RatioMax, long Tokens)
    {
        /// <param name="tokens">With the old policy's log-probabilities.</param>
        /// <param name="isOldKnown">Whether they were asked for.</param>
        public static Part Of(Tensor policyLoss, Tensor? valueLoss, TokenBatch tokens, IObjective objective, bool isOldKnown)
        {
            using var _ = no_grad();
            if (!isOldKnown)
                return new(policyLoss.item<float>(), valueLoss?.item<float>() ?? 0, 0, 0, 1, 0);
            var log = PpoObjective.LogRatio(tokens.LogProbs.detach() - tokens.Old);
            var ratio = log.exp();
            return new(policyLoss.item<float>(), valueLoss?.item<float>() ?? 0,
                objective.Clipped(tokens)?.sum().item<long>() ?? 0,
                // Schulman's k3 estimator of KL(old ‖ new): mean of ratio − 1 − log ratio.
                (ratio.Sub(1) - log).sum().item<float>(), ratio.max().item<float>(), log.numel());
        }
    }

    public void AddStep(IReadOnlyCollection<Part> parts, (double GradientNorm, double LearningRate) step)
    {
        steps++;
        policyLoss += parts.Sum(p => p.PolicyLoss);
        valueLoss += parts.Sum(p => p.ValueLoss);
        clipped += parts.Sum(p => p.Clipped);
        approximateKl += parts.Sum(p => p.Kl);
        tokens += parts.Sum(p => p.Tokens);
        ratios.AddRange(parts.Select(p => p.RatioMax));
        norms.Add(step.GradientNorm);
        values["learning_rate"] = step.LearningRate;
    }

    public void AddLearning(long learnedTokens, TimeSpan time)
    {
        values["learning_seconds"] = time.TotalSeconds;
        AddRate("learning_tokens_per_second", learnedTokens, time);
        if (ProcessMemory.PeakBytes is { } peak)
            values["learning_peak_bytes"] = peak;
        values["live_tensors"] = Tensor.TotalCount;
    }
}
