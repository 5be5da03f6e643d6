using System.Diagnostics;
using Rlef.Critics;
using Rlef.Experience;
using Rlef.Objectives;
using Rlef.Policy;
using Rlef.Randomness;
using static TorchSharp.torch;

namespace Rlef.Learning;

/// <summary>The networks of a run and the steps that change them: measures what they say of episodes, and learns from the advantages.</summary>
sealed class Learner : IDisposable
{
    readonly Transformer policy, reference;
    readonly ValueFunction? critic;
    readonly Replicas replicas;
    readonly TrainingConfig config;
    readonly Device device;

    /// <param name="policy">What it computes at this moment is the reference policy.</param>
    public Learner(Transformer policy, TrainingConfig config)
    {
        (this.policy, this.config, device, KlWeight) = (policy, config, policy.Device, config.Kl.Weight);
        reference = policy.Snapshot();
        critic = config.HasCritic ? ValueFunction.Of(policy, config.Critic) : null;
        replicas = new Replicas(policy, critic);
        Optimizers = new Optimizers(policy, critic, config);
    }

    public Optimizers Optimizers { get; }

    /// <summary>
    /// What the policy, the reference and the critic say of the sequences before anything is learned from them. Where learning does not need it, one of eight
    /// sequences tells the metrics.
    /// </summary>
    /// <exception cref="NotFiniteNumberException">The policy's weights are no longer numbers.</exception>
    public void Measure(IReadOnlyList<TrainingSequence> sequences, Metrics metrics)
    {
        if (!config.MeasuresFirst)
            sequences = [.. sequences.Where((_, i) => i % 8 == 0)];
        metrics.AddMeasured(sequences, MeasureAll(sequences, metrics));
    }

    /// <returns>Sums of the entropies of what the policy could have said, with the number of tokens.</returns>
    /// <inheritdoc cref="Measure" path="/exception"/>
    public IReadOnlyCollection<(float Entropy, long Tokens)> MeasureAll(IReadOnlyList<TrainingSequence> sequences, Metrics metrics)
    {
        var started = Stopwatch.GetTimestamp();
        foreach (var sequence in sequences)
            sequence.ReadValuesAt(config.Advantage.Sites);
        var entropies = replicas.ForEach(Microbatch.Split(sequences, config.MicrobatchTokens), b => b.Tokens, (view, batch) =>
        {
            using var scope = NewDisposeScope();
            using var _ = no_grad();
            Tensor ids = batch.Ids(device), positions = batch.Positions(device), targets = batch.Targets(device);
            var (once, states) = (new ActivationCheckpoints(enabled: false), view.Value?.NewStates());
            var hidden = view.Policy.Hidden(ids, batch.Lengths, once, states);
            var (old, uncertain) = ChosenTokens.LogProbsAndEntropies(view.Policy, hidden, positions, targets, config.Temperature, once);
            batch.Scatter(old, s => s.OldLogProbs);
            batch.Scatter(ChosenTokens.LogProbs(reference, reference.Hidden(ids, batch.Lengths), positions, targets, config.Temperature, once), s => s.ReferenceLogProbs);
            if (view.Value is { } values)
                batch.Scatter(values.Values(ids, batch.Lengths, states!, batch.Sites(device)), s => s.OldValues);
            return (uncertain.sum().item<float>(), positions.numel());
        });
        if (sequences.Any(s => !Array.TrueForAll(s.OldLogProbs, double.IsFinite)))
            throw NotFinite.Of(policy, "The policy's log-probabilities");
        metrics.AddMeasuring(Stopwatch.GetElapsedTime(started));
        return entropies;
    }

    /// <summary>Passes over the sequences in minibatches, one step of the optimizer each. An update without any is skipped.</summary>
    /// <param name="references">To be imitated.</param>
    public void Learn(IReadOnlyList<TrainingSequence> episodes, IReadOnlyList<TrainingSequence> references, int update, Metrics metrics)
    {
        List<TrainingSequence> sequences = [.. episodes, .. references];
        metrics.AddSkipped(sequences.Count == 0);
        if (sequences.Count == 0)
            return;
        var started = Stopwatch.GetTimestamp();
        ProcessMemory.ResetPeak();
        var learns = sequences.Any(Teaches);
        for (var epoch = 0; epoch < config.Epochs; epoch++)
        {
            var random = RandomStream.For(config.Seed, (long)Draw.Minibatches, update, epoch);
            foreach (var (minibatch, index) in Minibatches(episodes, references, config, ref random).Select((m, i) => (m, i)))
            {
                var weights = config.Aggregation.Weights([.. minibatch.Select(s => s.Positions.Length)], config.TurnLimit * config.MaxResponseTokens);
                foreach (var (sequence, weight) in minibatch.Zip(weights))
                    sequence.Weight = weight;
                var sites = minibatch.Sum(s => s.Sites.Length);
                // Where nothing is to be learned, the optimizer would still act on what it remembers.
                var learnsPolicy = learns && (HasOtherLosses || Array.Exists(minibatch, Teaches));
                var parts = replicas.ForEach(Microbatch.Split(minibatch, config.MicrobatchTokens), b => b.Tokens,
                    (view, batch) => Backward(view, batch, 1.0 / Math.Max(1, sites), isFirst: epoch == 0));
                metrics.AddStep(parts, Optimizers.Step(((long)update * config.Epochs + epoch) * config.Minibatches + index, learnsPolicy, learnsValues: sites > 0));
            }
        }
        critic?.Fit(replicas.Values);
        metrics.AddLearning(sequences.Sum(s => s.Ids.Length) * config.Epochs, Stopwatch.GetElapsedTime(started));
    }

    static bool Teaches(TrainingSequence sequence) => Array.Exists(sequence.Advantages, a => a != 0) || !sequence.Hindsights.IsEmpty;

    // Those that do not ask for an advantage.
    bool HasOtherLosses => config.EntropyWeight != 0 || config.Kl.In == KlPenalty.Place.Loss && KlWeight > 0;

    /// <summary>What each step of a pass learns from.</summary>
    internal static IEnumerable<T[]> Minibatches<T>(IReadOnlyList<T> episodes, IReadOnlyList<T> references, TrainingConfig config, ref RandomStream random) => config.AlternateReferences
        ? Alternating([.. Parts(Shuffled(references, ref random), config.Minibatches / 2)], [.. Parts(Shuffled(episodes, ref random), config.Minibatches / 2)])
        : Parts(Shuffled([.. episodes, .. references], ref random), config.Minibatches);

    static T[] Shuffled<T>(IReadOnlyList<T> all, ref RandomStream random)
    {
        var order = all.ToArray();
        random.Shuffle(order);
        return order;
    }

    // What one has more of comes last.
    static IEnumerable<T> Alternating<T>(T[] first, T[] second) =>
        Enumerable.Range(0, Math.Max(first.Length, second.Length)).SelectMany(i => first.Skip(i).Take(1).Concat(second.Skip(i).Take(1)));

    /// <summary>Parts whose sizes differ by one at most; none is empty.</summary>
    internal static IEnumerable<T[]> Parts<T>(T[] all, int most)
    {
        var count = Math.Min(most, all.Length);
        return Enumerable.Range(0, count).Select(i => all[(int)((long)i * all.Length / count)..(int)((i + 1L) * all.Length / count)]);
    }

    // loss = Σ_n w_n (objective + β·KL − c·entropy + distillation) + mean over sites of the critic's loss
    // isFirst: whether it is the first time that this update learns from these sequences.
    Metrics.Part Backward(Replicas.View view, Microbatch batch, double siteWeight, bool isFirst)
    {
        using var scope = NewDisposeScope();
        var checkpoints = new ActivationCheckpoints(config.GradientCheckpointing);
        Tensor ids = batch.Ids(device), positions = batch.Positions(device), targets = batch.Targets(device);
        var states = view.Value?.NewStates();
        var hidden = view.Policy.Hidden(ids, batch.Lengths, checkpoints, states);
        Tensor logProbs;
        Tensor? entropies = null;
        if (config.EntropyWeight == 0)
            logProbs = ChosenTokens.LogProbs(view.Policy, hidden, positions, targets, config.Temperature, checkpoints);
        else
            (logProbs, entropies) = ChosenTokens.LogProbsAndEntropies(view.Policy, hidden, positions, targets, config.Temperature, checkpoints);
        var old = config.MeasuresFirst ? batch.Gather(s => s.OldLogProbs, device) : logProbs.detach();
        var tokens = new TokenBatch(logProbs, old, batch.Gather(s => s.Behaviour, device),
            batch.Gather(s => s.ReferenceLogProbs, device), batch.Gather(s => s.Advantages, device));
        var losses = PolicyLoss.Of(tokens, config.Objective, config.Kl, KlWeight, entropies, config.EntropyWeight);
        if (config.Distillation is { } distillation && batch.Sequences.Any(s => !s.Hindsights.IsEmpty))
            losses = losses.Add(Distil(distillation, view.Policy, batch, hidden, positions, targets, tokens.Old, checkpoints).Mul(distillation.Weight));
        var policyLoss = (losses * batch.Gather(s => s.TokenWeights, device)).sum();
        Tensor? valueLoss = null;
        if (view.Value is { } values)
        {
            Tensor sites = batch.Sites(device), returns = batch.Gather(s => s.Returns, device);
            valueLoss = ValueLoss.Of(values.Values(ids, batch.Lengths, states!, sites, checkpoints), batch.Gather(s => s.OldValues, device), returns, config.Critic.Clip).sum().Mul(siteWeight);
            if (isFirst)
                values.See(batch.Lengths, states!, sites, returns);
        }
        checkpoints.Backward(valueLoss is null ? policyLoss : policyLoss.Add(valueLoss));
        Optimizers.Collect();
        return Metrics.Part.Of(policyLoss, valueLoss, tokens, config.Objective, config.MeasuresFirst);
    }

    // [N], 0 for tokens about which nothing was told.
    Tensor Distil(SelfDistillation distillation, Transformer model, Microbatch batch, Tensor hidden, Tensor positions, Tensor targets, Tensor old, ActivationCheckpoints checkpoints)
    {
        var (ids, lengths, student, teacher) = batch.Hindsights();
        Tensor told;
        using (no_grad())
            told = model.Hidden(tensor(ids, [1, ids.Length]).to(device), lengths).squeeze(0).index_select(0, tensor(teacher).to(device));
        var which = tensor(student).to(device);
        Tensor said = targets.index_select(0, which), before = old.index_select(0, which);
        var losses = ChosenTokens.InPieces(model, hidden, positions.index_select(0, which), Arithmetic.Range(student.Length, device), config.Temperature, checkpoints,
            (distribution, n) => distillation.Losses(distribution.LogProbs, new TokenDistribution(model.Logits(told.index_select(0, n)).to(ScalarType.Float32), config.Temperature).LogProbs.detach(),
                said.index_select(0, n), before.index_select(0, n)));
        return zeros(positions.numel(), ScalarType.Float32, device).IndexAdd(0, which, losses);
    }

    /// <summary>β as it is now.</summary>
    public double KlWeight { get; set; }

    public void Dispose()
    {
        Optimizers.Dispose();
        replicas.Dispose();
        critic?.Dispose();
        reference.Dispose();
    }
}
