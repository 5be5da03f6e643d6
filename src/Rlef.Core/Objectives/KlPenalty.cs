using Rlef.Experience;
using Rlef.Policy;
using Rlef.Storage;
using static TorchSharp.torch;

namespace Rlef.Objectives;

/// <summary>
/// Keeps the policy near the reference ρ. With d = log π − log ρ of a token: k1 = d, k2 = d²/2, k3 = e^(−d) + d − 1 (Schulman 2020, "Approximating KL
/// divergence"). As it stands RLEF's (section 2.2): β times the mean of k1 over a response, taken from the reward of its turn.
/// </summary>
public sealed record KlPenalty
{
    public enum Place { Reward, Loss }
    public enum Scope { Mean, Sum, Token }
    public enum Estimator { K1, K2, K3 }

    /// <summary>β.</summary>
    public double Weight { get; init; } = 0.05;

    /// <summary>Part of what is paid, or a term of the loss with a gradient of its own (GRPO).</summary>
    public Place In { get; init; } = Place.Reward;

    /// <summary>
    /// In the reward: the mean or the sum over a response, charged to its turn, or each token by itself. The sum makes long responses dear. In the loss it is
    /// always each token by itself.
    /// </summary>
    public Scope Per { get; init; } = Scope.Mean;

    public Estimator By { get; init; } = Estimator.K1;

    /// <summary>
    /// KL that the weight is steered towards, in nats a token (the metric <c>kl</c>: means of k1, whatever <see cref="Per"/> and <see cref="By"/> are):
    /// β ← β · (1 + clip(KL/target − 1, ±0.2) · n/horizon) after each update that learns from n episodes (Ziegler et al. 2019,
    /// arXiv 1909.08593, section 2.2); null for a weight that stays. The factor is a tenth at least: above five horizons of episodes it would be negative.
    /// </summary>
    public double? Target { get; init; }

    /// <summary>Episodes over which the weight is changed by 20 %, where the KL is 20 % off.</summary>
    public double Horizon { get; init; } = 1000;

    /// <exception cref="ArgumentException">A setting is out of its range, or says nothing beside another; the message names it.</exception>
    public void Check()
    {
        Setting.Above("kl.target", Target, 0);
        Setting.Above("kl.horizon", Horizon, 0);
        if (Target is not null && Weight == 0)
            throw new ArgumentException("The setting kl.target steers kl.weight by factors, and 0 stays 0: give a weight to begin with, such as kl.weight=0.05.");
        if (this is { In: Place.Loss, Per: Scope.Sum })
            throw new ArgumentException("The setting kl.per=sum says nothing where the penalty is in the loss, which charges each token by itself: " +
                "leave it out, or charge it to the reward (kl.in=reward).");
    }

    /// <summary>Takes the penalty from what a sequence is paid.</summary>
    /// <param name="weight">β as it is now.</param>
    internal void Charge(TrainingSequence sequence, double weight)
    {
        if (In != Place.Reward || weight == 0)
            return;
        for (var s = 0; s < sequence.Spans.Length; s++)
            if (Per == Scope.Token)
                for (var n = sequence.Spans[s].From; n < sequence.Spans[s].To; n++)
                    sequence.TokenPay[n] -= weight * Of(sequence.OldLogProbs[n] - sequence.ReferenceLogProbs[n], By);
            else
                sequence.TurnPay[s] -= weight * Over(sequence, s, By) * (Per == Scope.Sum ? sequence.Spans[s].To - sequence.Spans[s].From : 1);
    }

    /// <summary>Mean of the estimate over the tokens of a turn.</summary>
    /// <param name="span">Index into <see cref="TrainingSequence.Spans"/>.</param>
    public static double Over(TrainingSequence sequence, int span, Estimator by)
    {
        var (_, from, to) = sequence.Spans[span];
        var sum = 0.0;
        for (var n = from; n < to; n++)
            sum += Of(sequence.OldLogProbs[n] - sequence.ReferenceLogProbs[n], by);
        return sum / (to - from);
    }

    /// <param name="d">log π − log ρ.</param>
    public static double Of(double d, Estimator by) => by switch
    {
        Estimator.K1 => d,
        Estimator.K2 => d * d / 2,
        // e^(−d) − 1 loses its digits where d is small, and is no number in 32 bits where −d is large.
        _ => double.ExpM1(-Math.Max(d, Least)) + Math.Max(d, Least),
    };

    /// <summary>The estimate for each token [N], with its gradient.</summary>
    public static Tensor Losses(Tensor logProbs, Tensor reference, Estimator by)
    {
        var d = logProbs - reference;
        return by switch
        {
            Estimator.K1 => d,
            Estimator.K2 => d.Square().Div(2),
            _ => (-d.ClampMin(Least)).expm1().Add(d.ClampMin(Least)),
        };
    }

    const double Least = -20, LeastFactor = 0.1;

    /// <summary>β after an update.</summary>
    /// <param name="kl">Of the episodes that the update learned from.</param>
    public double Adapt(double weight, double kl, int episodes) =>
        Target is { } target ? weight * Math.Max(LeastFactor, 1 + Math.Clamp(kl / target - 1, -0.2, 0.2) * episodes / Horizon) : weight;
}
