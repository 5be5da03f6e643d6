using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Rlef.Critics;
using Rlef.Dialogue;
using Rlef.Objectives;
using Rlef.Rewards;

namespace Rlef.Experience;

/// <summary>
/// An episode as the learner sees it: the token ids as they were sampled, and one entry for each response token that counts, of all turns in order. T is
/// the tokens of the dialogue, N the response tokens that count, K the dialogue's turns, S the turns that have such tokens, M the value sites.
/// </summary>
public sealed class TrainingSequence
{
    /// <param name="turnRewards">[K] as the reward pays them.</param>
    /// <param name="tokenRewards">[N] the same for tokens; empty for none.</param>
    [JsonConstructor]
    public TrainingSequence(string group, int[] ids, int[] positions, int[] turnOf, double[] behaviour, double[] turnRewards, double[] tokenRewards)
    {
        (Group, Ids, Positions, TurnOf, Behaviour, TurnRewards) = (group, ids, positions, turnOf, behaviour, turnRewards);
        var count = positions.Length;
        TokenRewards = tokenRewards.Length == 0 ? new double[count] : tokenRewards;
        if (turnOf.Length != count || behaviour.Length != count || TokenRewards.Length != count)
            throw new ArgumentException($"{count} positions need as many turns, log-probabilities and token rewards.");
        (OldLogProbs, ReferenceLogProbs, Advantages) = (new double[count], new double[count], new double[count]);
        Spans = [.. SpansOf(turnOf)];
        (TurnPay, TokenPay) = (PayOf(turnRewards, Spans), [.. TokenRewards]);
    }

    /// <summary>The episode's tokens with what it is paid.</summary>
    public static TrainingSequence Of(Episode episode, EpisodeReward reward)
    {
        var ids = new List<int>(episode.Length);
        List<int> positions = [], turnOf = [];
        List<double> behaviour = [];
        List<double> tokenRewards = [];
        var own = 0;
        foreach (var (turn, index) in episode.Turns.Select((t, i) => (t, i)))
        {
            ids.AddRange(turn.Prompt);
            for (var j = 0; j < turn.Response.Length; j++)
            {
                ids.Add(turn.Response[j]);
                if (turn.Given)
                    continue;
                if (reward.Mask.Length == 0 || reward.Mask[own])
                {
                    positions.Add(ids.Count - 2);
                    turnOf.Add(index);
                    behaviour.Add(turn.LogProbs[j]);
                    tokenRewards.Add(reward.Tokens.Length == 0 ? 0 : reward.Tokens[own]);
                }
                own++;
            }
        }
        return new(episode.Problem.Id, [.. ids], [.. positions], [.. turnOf], [.. behaviour], reward.Turns, [.. tokenRewards]);
    }

    /// <summary>Sequences of one group answer the same prompt, so that their rewards can be compared.</summary>
    public string Group { get; }

    /// <summary>[T] the whole dialogue. The token at position p is predicted from position p − 1.</summary>
    public int[] Ids { get; }

    /// <summary>[N] position from which each response token is predicted.</summary>
    public int[] Positions { get; }

    /// <summary>[N] turn of each response token.</summary>
    public int[] TurnOf { get; }

    /// <summary>[N] log-probabilities when sampled.</summary>
    public double[] Behaviour { get; }

    /// <summary>[K]</summary>
    public double[] TurnRewards { get; }

    /// <summary>[N]</summary>
    public double[] TokenRewards { get; }

    /// <summary>Highest reward that any episode had earned for the problem before the round in which this one was played; 0 where none was.</summary>
    public double BestBefore { get; set; }

    /// <summary>[S] the turns that have response tokens, with their first token and the one after their last.</summary>
    [JsonIgnore] public ImmutableArray<(int Turn, int From, int To)> Spans { get; }

    /// <summary>Responses with what they led to, where the policy is to learn from that.</summary>
    public ImmutableArray<Hindsight> Hindsights { get; set; } = [];

    /// <summary>[N] log-probabilities under the policy at the start of the update.</summary>
    [JsonIgnore] public double[] OldLogProbs { get; }

    /// <summary>[N] log-probabilities under the frozen reference policy.</summary>
    [JsonIgnore] public double[] ReferenceLogProbs { get; }

    /// <summary>
    /// [S] what the advantage counts for each turn: its rewards, together with those of turns that follow it and have no tokens, less the KL penalty where
    /// that is part of the reward.
    /// </summary>
    [JsonIgnore] public double[] TurnPay { get; }

    /// <summary>[N] the same for tokens.</summary>
    [JsonIgnore] public double[] TokenPay { get; }

    /// <summary>Σ of <see cref="TurnPay"/> and <see cref="TokenPay"/>; of a dialogue without tokens that count, which others are still compared with, its reward.</summary>
    [JsonIgnore] public double Pay => Spans.Length == 0 ? Reward : TurnPay.Sum() + TokenPay.Sum();

    /// <summary>The same before the KL penalty.</summary>
    [JsonIgnore] public double Reward => Spans.Length == 0 ? TurnRewards.Sum() : PayOf(TurnRewards, Spans).Sum() + TokenRewards.Sum();

    /// <summary>[N] advantage of each response token.</summary>
    [JsonIgnore] public double[] Advantages { get; }

    /// <summary>[M] response tokens before which a value is read, as indices into the arrays above.</summary>
    [JsonIgnore] public int[] Sites { get; private set; } = [];

    /// <summary>[M] values at the start of the update.</summary>
    [JsonIgnore] public double[] OldValues { get; private set; } = [];

    /// <summary>[M] returns that the values are to predict.</summary>
    [JsonIgnore] public double[] Returns { get; private set; } = [];

    /// <summary>What each of the tokens counts in a step's loss.</summary>
    [JsonIgnore] public double Weight { get; set; }

    /// <summary>[N] the same for each token.</summary>
    [JsonIgnore]
    public double[] TokenWeights
    {
        get
        {
            var weights = new double[Positions.Length];
            Array.Fill(weights, Weight);
            return weights;
        }
    }

    /// <summary>Sets the pay to the rewards, less the KL penalty where that is part of the reward.</summary>
    /// <param name="weight">β as it is now.</param>
    public void Charge(KlPenalty penalty, double weight)
    {
        PayOf(TurnRewards, Spans).CopyTo(TurnPay, 0);
        TokenRewards.CopyTo(TokenPay, 0);
        penalty.Charge(this, weight);
    }

    /// <summary>Makes it one to be imitated as it stands: an advantage of 1, and said by the policy as it was when the update began.</summary>
    public void BeImitated()
    {
        ReadValuesAt(ValueSites.None);
        OldLogProbs.CopyTo(Behaviour, 0);
        Array.Fill(Advantages, 1);
    }

    /// <summary>Chooses where values are read.</summary>
    public void ReadValuesAt(ValueSites sites)
    {
        Sites = sites switch
        {
            ValueSites.Turn => [.. Spans.Select(s => s.From)],
            ValueSites.Token => [.. Enumerable.Range(0, Positions.Length)],
            _ => [],
        };
        (OldValues, Returns) = (new double[Sites.Length], new double[Sites.Length]);
    }

    /// <summary>[S] pay of each turn, that of its tokens included.</summary>
    public double[] TurnTotals() => [.. Spans.Select((s, i) => TurnPay[i] + TokenPay.AsSpan(s.From, s.To - s.From).ToArray().Sum())];

    /// <summary>[N] pay of each token, that of a turn at its last one.</summary>
    public double[] TokenTotals()
    {
        double[] totals = [.. TokenPay];
        for (var s = 0; s < Spans.Length; s++)
            totals[Spans[s].To - 1] += TurnPay[s];
        return totals;
    }

    /// <summary>Gives every token the advantage of its turn.</summary>
    /// <param name="advantages">[S]</param>
    public void SetTurnAdvantages(ReadOnlySpan<double> advantages)
    {
        for (var s = 0; s < Spans.Length; s++)
            Advantages.AsSpan(Spans[s].From, Spans[s].To - Spans[s].From).Fill(advantages[s]);
    }

    static IEnumerable<(int, int, int)> SpansOf(int[] turnOf)
    {
        for (int from = 0, to; from < turnOf.Length; from = to)
        {
            for (to = from; to < turnOf.Length && turnOf[to] == turnOf[from]; to++) ;
            yield return (turnOf[from], from, to);
        }
    }

    // Turns before the first that counts are nothing that the policy did.
    static double[] PayOf(double[] rewards, ImmutableArray<(int Turn, int, int)> spans)
    {
        var pay = new double[spans.Length];
        for (var s = 0; s < pay.Length; s++)
            for (var turn = spans[s].Turn; turn < (s + 1 < pay.Length ? spans[s + 1].Turn : rewards.Length); turn++)
                pay[s] += rewards[turn];
        return pay;
    }
}
