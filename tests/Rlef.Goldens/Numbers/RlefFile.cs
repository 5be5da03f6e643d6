using System.Text.Json;
using Rlef.Advantages;
using Rlef.Critics;
using Rlef.Dialogue;
using Rlef.Execution;
using Rlef.Experience;
using Rlef.Objectives;
using Rlef.Problems;
using Rlef.Rewards;
using static TorchSharp.torch;

namespace Rlef.Goldens.Numbers;

/// <summary>An independent computation of RLEF's equations: dialogues of several turns, from reward to gradients.</summary>
sealed class RlefFile() : NumberFile("rlef.json")
{
    protected override IReadOnlyDictionary<string, Action<NumberRow, Comparison>> Functions { get; } = new Dictionary<string, Action<NumberRow, Comparison>>
    {
        ["rlef"] = (row, c) => Dialogues(row, c, new TurnAdvantage()),
        ["rlef-summed-kl"] = (row, c) => Dialogues(row, c, new TurnAdvantage()),
        ["token-level-value"] = (row, c) => Dialogues(row, c, new TokenAdvantage()),
        ["turn-index-baseline"] = TurnIndex,
        ["turn-gae"] = (row, c) => Turns(row, c, new TurnAdvantage { Gamma = row.Number("gamma"), Lambda = row.Number("lam") }),
        ["turn-discounted-return"] = (row, c) => Turns(row, c, new TurnAdvantage { Gamma = row.Number("gamma") }),
    };

    static void Dialogues(NumberRow row, Comparison c, IAdvantage advantage)
    {
        using var scope = NewDisposeScope();
        var dialogues = row.Inputs.GetProperty("dialogues").EnumerateArray().ToList();
        var sequences = dialogues.ConvertAll(Sequence);
        var penalty = new KlPenalty { Weight = row.Number("beta"), Per = row.Text("kl_length") == "sum" ? KlPenalty.Scope.Sum : KlPenalty.Scope.Mean };
        var byToken = advantage.Sites == ValueSites.Token;
        foreach (var (sequence, dialogue) in sequences.Zip(dialogues))
        {
            Tokens(dialogue, "old_log_probs").CopyTo(sequence.OldLogProbs, 0);
            Tokens(dialogue, "ref_log_probs").CopyTo(sequence.ReferenceLogProbs, 0);
            sequence.ReadValuesAt(advantage.Sites);
            (byToken ? Tokens(dialogue, "token_values") : [.. Of(dialogue, "value")]).CopyTo(sequence.OldValues, 0);
            sequence.Charge(penalty, penalty.Weight);
        }
        advantage.Estimate(sequences);
        c.Same("turn_task_reward", row.OutputMatrix("turn_task_reward"), [.. sequences.Select(s => s.TurnRewards)]);
        c.Same("turn_log_ratio", row.OutputMatrix("turn_log_ratio"), [.. sequences.Select(s => s.Spans.Select((span, i) =>
            KlPenalty.Over(s, i, KlPenalty.Estimator.K1) * (penalty.Per == KlPenalty.Scope.Sum ? span.To - span.From : 1)).ToArray())]);
        c.Same("turn_reward", row.OutputMatrix("turn_reward"), [.. sequences.Select(s => s.TurnPay)]);
        var raw = sequences.SelectMany(s => s.Returns.Zip(s.OldValues, (g, v) => g - v)).ToArray();
        if (byToken)
            c.Same("token_advantage", row.OutputVector("token_advantage"), raw);
        else
        {
            c.Same("turn_return", row.OutputMatrix("turn_return"), [.. sequences.Select(s => s.Returns)]);
            c.Same("turn_advantage", [.. row.OutputMatrix("turn_advantage").SelectMany(r => r)], raw);
            c.Same("turn_advantage_normalised", row.OutputVector("turn_advantage_normalised"), [.. sequences.SelectMany(s => s.Spans.Select(span => s.Advantages[span.From]))]);
        }

        var objective = new PpoObjective { ClipLow = row.Number("clip_eps"), ClipHigh = row.Number("clip_eps") };
        double[] now = [.. dialogues.SelectMany(d => Tokens(d, "log_probs"))];
        var logProbs = tensor(now).requires_grad_(true);
        var tokens = new TokenBatch(logProbs, All(s => s.OldLogProbs), All(s => s.Behaviour), All(s => s.ReferenceLogProbs), All(s => s.Advantages));
        var weights = Aggregation.TokenMean.Weights([.. sequences.Select(s => s.Positions.Length)], 0);
        foreach (var (sequence, weight) in sequences.Zip(weights))
            sequence.Weight = weight;
        var policyLoss = (PolicyLoss.Of(tokens, objective, penalty, 0) * All(s => s.TokenWeights)).sum();
        policyLoss.backward();
        c.Same("policy_loss", row.Output("policy_loss"), policyLoss.item<double>());
        c.Same("grad_log_probs", row.OutputVector("grad_log_probs"), logProbs.grad!.data<double>().ToArray());

        double[] newValues = byToken ? row.OutputVector("token_value_new_used") : [.. dialogues.SelectMany(d => Of(d, "value_new"))];
        var values = tensor(newValues).requires_grad_(true);
        var valueLoss = ValueLoss.Of(values, All(s => s.OldValues), All(s => s.Returns), row.Number("value_clip")).mean();
        valueLoss.backward();
        c.Same("value_loss", row.Output("value_loss"), valueLoss.item<double>());
        c.Same("grad_value_new", row.OutputVector("grad_value_new"), values.grad!.data<double>().ToArray());

        Tensor All(Func<TrainingSequence, double[]> which) => tensor(sequences.SelectMany(which).ToArray());
    }

    static IEnumerable<JsonElement> TurnsOf(JsonElement dialogue) => dialogue.GetProperty("turns").EnumerateArray();

    static IEnumerable<double> Of(JsonElement dialogue, string field) => TurnsOf(dialogue).Select(t => t.GetProperty(field).GetDouble());

    static double[] Tokens(JsonElement dialogue, string field) => [.. TurnsOf(dialogue).SelectMany(t => NumberRow.Vector(t.GetProperty(field)))];

    // Paid as an episode with these programs and verdicts is.
    static TrainingSequence Sequence(JsonElement dialogue)
    {
        var test = new TestCase("", "");
        var problem = new Problem { Id = "p", Statement = "", PublicTests = [test], PrivateTests = [test] };
        var solved = dialogue.GetProperty("all_tests_pass").GetBoolean();
        var turns = TurnsOf(dialogue).ToList();
        var counts = turns.ConvertAll(t => t.GetProperty("log_probs").GetArrayLength());
        var episode = new Episode(problem, 0, [.. turns.Select((t, i) => new Turn
        {
            Observation = "",
            Prompt = [0],
            Response = new int[counts[i]],
            LogProbs = new float[counts[i]],
            Text = "",
            Truncated = false,
            Code = t.GetProperty("no_code").GetBoolean() ? null : new CodeBlock("", [], true),
            Public = Judged(solved && i == turns.Count - 1),
        })], Judged(solved));
        int[] turnOf = [.. counts.SelectMany((n, i) => Enumerable.Repeat(i, n))];
        return new("p", new int[turnOf.Length + 1], [.. Enumerable.Range(0, turnOf.Length)], turnOf, Tokens(dialogue, "behaviour_log_probs"), new RlefReward().Score(episode).Turns, []);

        Judgement Judged(bool accepted) => new([new(accepted ? VerdictKind.Accepted : VerdictKind.WrongAnswer, test, "", null, TimeSpan.Zero)], 1);
    }

    // A token a turn.
    static TrainingSequence[] OneToken(double[][] rewards) => [.. rewards.Select(r =>
        new TrainingSequence("p", new int[r.Length + 1], [.. Enumerable.Range(0, r.Length)], [.. Enumerable.Range(0, r.Length)], new double[r.Length], r, []))];

    static void Turns(NumberRow row, Comparison c, TurnAdvantage advantage)
    {
        var sequences = OneToken(row.Matrix("turn_rewards"));
        for (var i = 0; i < sequences.Length; i++)
        {
            sequences[i].ReadValuesAt(advantage.Sites);
            if (row.Has("turn_values"))
                row.Matrix("turn_values")[i].CopyTo(sequences[i].OldValues, 0);
        }
        advantage.Estimate(sequences);
        c.Same("turn_return", row.OutputMatrix("turn_return"), [.. sequences.Select(s => s.Returns)]);
        if (row.Has("turn_values"))
            c.Same("turn_advantage", row.OutputMatrix("turn_advantage"), [.. sequences.Select(s => s.Returns.Zip(s.OldValues, (g, v) => g - v).ToArray())]);
    }

    static void TurnIndex(NumberRow row, Comparison c)
    {
        var rewards = row.Matrix("turn_rewards");
        c.Same("reward_baseline", Theirs("reward_baseline"), Ours(new TurnIndexAdvantage { Against = TurnIndexAdvantage.Baseline.Reward }));
        c.Same("return_baseline", Theirs("return_baseline"), Ours(new TurnIndexAdvantage { Against = TurnIndexAdvantage.Baseline.Return }));
        c.Same("whole_dialogue_rloo", Theirs("whole_dialogue_rloo"), Ours(new RlooAdvantage()));
        var (without, length) = (Theirs("return_baseline_leave_one_out"), rewards.Max(r => r.Length));
        c.Instead(Kinds.Unreached, "return_baseline_leave_one_out", [.. without.SelectMany(r => r)],
            [.. without.SelectMany(r => r.Select((a, t) => rewards.Count(o => o.Length > t) == 1 ? 0 : a))], [.. Ours(new TurnIndexAdvantage()).SelectMany(r => r)]);

        double[][] Theirs(string name) => NumberRow.Matrix(row.Outputs.GetProperty(name).GetProperty("advantage"));
        double[][] Ours(IAdvantage advantage)
        {
            var sequences = OneToken(rewards);
            advantage.Estimate(sequences);
            return [.. sequences.Select(s => s.Advantages)];
        }
    }
}
