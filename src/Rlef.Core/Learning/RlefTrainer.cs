using System.Collections.Immutable;
using System.Diagnostics;
using Rlef.Dialogue;
using Rlef.Execution;
using Rlef.Policy;
using Rlef.Problems;
using Rlef.Randomness;
using Rlef.Rewards;
using Rlef.Storage;
using static TorchSharp.torch;

namespace Rlef.Learning;

/// <summary>
/// Reinforcement learning from execution feedback (RLEF, arXiv 2410.02089): PPO with a policy over tokens and a value function over turns.
/// What is left out of PPO: GAE, discounting, and a value for every token.
/// </summary>
/// <remarks>
/// <code>
/// repeat:
///   episodes    play each sampled problem: answer, public tests, feedback, at most three turns
///   rewards     r_t from the private tests, minus β · mean log-ratio of the response to the reference policy
///   advantages  A_t = Σ_{i≥t} r_i − V(c_t), normalised over the batch, given to every token of response t
///   learn       a few clipped steps on the policy's own tokens
/// </code>
/// Every random draw is keyed by (seed, purpose, update, …), so a resumed run equals one that was never interrupted.
/// </remarks>
public sealed class RlefTrainer : IDisposable
{
    enum Draw { Problems, Rollouts, Minibatches }

    readonly Transformer policy, reference;
    readonly ValueFunction value;
    readonly Replicas replicas;
    readonly TrainingSetup setup;
    readonly TrainingConfig config;
    readonly Optimizers optimizers;
    readonly IDecoder decoder;
    readonly RolloutCollector collector;
    readonly Device device;
    readonly Recipe recipe;

    /// <param name="policy">
    /// Trained in place, or given adapters to train if the configuration says so. What it computes at this moment is the reference policy.
    /// </param>
    public RlefTrainer(Transformer policy, TrainingSetup setup, TrainingConfig config)
    {
        config.Check();
        if (setup.Problems.Count == 0)
            throw new ArgumentException($"Problem set '{setup.Problems.Name}' is empty: there is nothing to train on.", nameof(setup));
        (this.policy, this.setup, this.config, device) = (policy, setup, config, policy.Device);
        manual_seed((long)config.Seed);
        recipe = Recipe.Of(config, setup, Safetensors.Digest(policy.Parameters.Select(p => (p.Key, (Tensor)p.Value))));
        if (config.LoraRank > 0 && policy.Lora is null)
            policy.AddLora(new(config.LoraRank, config.LoraAlpha));
        reference = policy.Snapshot();
        value = new ValueFunction(policy, config.ValueTrunk);
        replicas = new Replicas(policy, value);
        optimizers = new Optimizers(policy, value, config);
        decoder = Decoders.Create(policy, config.ProblemsPerUpdate * config.SamplesPerProblem, config.MaxDialogueTokens);
        collector = new RolloutCollector(decoder, setup.Format, setup.Judge);
    }

    /// <summary>Trains until <see cref="TrainingConfig.Updates"/> is reached, from the newest checkpoint of the run if there is one.</summary>
    /// <param name="progress">Receives the metrics of each update, those of a resumed run's past first.</param>
    public async Task TrainAsync(RunDirectory run, IProgress<IReadOnlyDictionary<string, double>>? progress = null,
        CancellationToken cancellation = default)
    {
        var first = TrainingCheckpoint.Restore(run, optimizers, recipe);
        run.TruncateTo(first);
        AtomicFile.WriteText(run.File("config.json"), recipe.ToJson());
        AtomicFile.WriteText(run.File("environment.json"), RunEnvironment.Current.ToJson());
        foreach (var past in run.ReadMetrics())
            progress?.Report(past);
        for (var update = first; update < config.Updates; update++)
        {
            var metrics = new Metrics(update);
            var episodes = await UpdateAsync(update, metrics, cancellation);
            RunDirectory.Append(run.EpisodesPath, Transcript.Of(update, episodes[0]));
            RunDirectory.Append(run.MetricsPath, metrics.Values);
            TrainingCheckpoint.Save(run, update + 1, optimizers, recipe);
            progress?.Report(metrics.Values);
        }
    }

    async Task<ImmutableArray<Episode>> UpdateAsync(int update, Metrics metrics, CancellationToken cancellation)
    {
        try
        {
            var episodes = await CollectAsync(update, metrics, cancellation);
            var sequences = Score(episodes, metrics);
            Learn(sequences, update, metrics);
            return episodes;
        }
        catch (NotFiniteNumberException e)
        {
            throw new NotFiniteNumberException($"Update {update + 1}: {e.Message}" + (optimizers.Steps == 0 ? "" :
                $" Learning diverged: begin a new run with a lower learning rate than {config.LearningRate:g3}. What was learned before this update is in the run's checkpoints."), e);
        }
    }

    async Task<ImmutableArray<Episode>> CollectAsync(int update, Metrics metrics, CancellationToken cancellation)
    {
        var sampling = new Sampling(config.Temperature, 1, config.MaxResponseTokens);
        var options = new RolloutOptions(setup.Wording, setup.Feedback, sampling, config.TurnLimit, setup.Reward.NeedsEveryTest);
        var requests =
            from problem in ProblemsOf(update)
            from sample in Enumerable.Range(0, config.SamplesPerProblem)
            select new RolloutRequest(setup.Problems[problem], sample, (long)Draw.Rollouts, update, problem, sample);
        decoder.Refresh();
        var before = collector.Cost;
        var episodes = await collector.CollectAsync([.. requests], config.Seed, options, cancellation: cancellation);
        metrics.AddRollouts(episodes, collector.Cost - before);
        return episodes;
    }

    // Each pass over the problems is a new shuffle; the draw depends on nothing but the update's number.
    IEnumerable<int> ProblemsOf(int update)
    {
        var (count, order, pass) = (setup.Problems.Count, Array.Empty<int>(), -1L);
        for (var draw = (long)update * config.ProblemsPerUpdate; draw < (update + 1L) * config.ProblemsPerUpdate; draw++)
        {
            if (draw / count != pass)
            {
                pass = draw / count;
                order = [.. Enumerable.Range(0, count)];
                RandomStream.For(config.Seed, (long)Draw.Problems, pass).Shuffle(order);
            }
            yield return order[draw % count];
        }
    }

    // Rewards, returns and advantages. An episode that the sandbox failed teaches nothing and is left out.
    List<TrainingSequence> Score(IReadOnlyList<Episode> episodes, Metrics metrics)
    {
        var rewarded = episodes.Where(e => !e.Masked).Select(e => (Episode: e, Reward: setup.Reward.Score(e))).ToList();
        var sequences = rewarded.Select(r => new TrainingSequence(r.Episode, config.AdvantageLevel)).ToList();
        Measure(sequences, metrics);
        for (var i = 0; i < sequences.Count; i++)
            Advantages.Fill(sequences[i], rewarded[i].Reward.Turns, config);
        var flat = Advantages.AreFlat(rewarded.Select(r => r.Reward));
        if (flat)
            Advantages.Clear(sequences);
        else if (config.AdvantageLevel == AdvantageLevel.Reward)
            Advantages.Centre(sequences);
        else
            Advantages.Normalise(sequences);
        for (var i = 0; i < sequences.Count; i++)
            Advantages.AddTokenRewards(sequences[i], rewarded[i].Reward.Tokens);
        metrics.AddRewards(rewarded, sequences, flat);
        return sequences;
    }

    // What the policy, the reference and the value function say of the episodes before anything is learned from them.
    void Measure(List<TrainingSequence> sequences, Metrics metrics)
    {
        metrics.AddEntropies(replicas.ForEach(Microbatch.Split(sequences, config.MicrobatchTokens), b => b.Tokens, (view, batch) =>
        {
            using var scope = NewDisposeScope();
            using var _ = no_grad();
            Tensor ids = batch.Ids(device), positions = batch.Positions(device), targets = batch.Targets(device);
            var once = new ActivationCheckpoints(enabled: false);
            var hidden = view.Policy.Hidden(ids, batch.Lengths);
            var entropy = 0.0;
            batch.Scatter(ChosenTokens.LogProbs(view.Policy, hidden, positions, targets, config.Temperature, once, d => entropy += d.Entropy().sum().item<float>()), s => s.OldLogProbs);
            batch.Scatter(ChosenTokens.LogProbs(reference, reference.Hidden(ids, batch.Lengths), positions, targets, config.Temperature, once), s => s.ReferenceLogProbs);
            if (config.AdvantageLevel != AdvantageLevel.Reward)
                batch.Scatter(view.Value!.Values(ids, batch.Lengths, hidden, batch.Sites(device)), s => s.OldValues);
            return entropy / positions.numel();
        }));
        if (sequences.Exists(s => !Array.TrueForAll(s.OldLogProbs, float.IsFinite)))
            throw NotFinite.Of(policy, "The policy's log-probabilities");
    }

    void Learn(List<TrainingSequence> sequences, int update, Metrics metrics)
    {
        metrics.AddSkipped(sequences.Count == 0);
        if (sequences.Count == 0)
            return;
        var started = Stopwatch.GetTimestamp();
        ProcessMemory.ResetPeak();
        // Nothing to be learned about what to say: the optimizer would still act on what it remembers.
        var learnsPolicy = sequences.Exists(s => Array.Exists(s.Advantages, a => a != 0));
        for (var epoch = 0; epoch < config.Epochs; epoch++)
        {
            var order = sequences.ToArray();
            RandomStream.For(config.Seed, (long)Draw.Minibatches, update, epoch).Shuffle(order);
            foreach (var minibatch in order.Chunk((order.Length + config.Minibatches - 1) / config.Minibatches))
            {
                int tokens = minibatch.Sum(s => s.Positions.Length), sites = minibatch.Sum(s => s.Sites.Length);
                var parts = replicas.ForEach(Microbatch.Split(minibatch, config.MicrobatchTokens), b => b.Tokens,
                    (view, batch) => Backward(view, batch, 1.0 / tokens, 1.0 / sites));
                metrics.AddStep(parts, optimizers.Step(learnsPolicy));
            }
        }
        metrics.AddLearning(sequences.Sum(s => s.Ids.Length) * config.Epochs, Stopwatch.GetElapsedTime(started));
    }

    Metrics.Part Backward(Replicas.View view, Microbatch batch, double tokenWeight, double siteWeight)
    {
        using var scope = NewDisposeScope();
        var checkpoints = new ActivationCheckpoints(config.GradientCheckpointing);
        var ids = batch.Ids(device);
        var hidden = view.Policy.Hidden(ids, batch.Lengths, checkpoints);
        var logProbs = ChosenTokens.LogProbs(view.Policy, hidden, batch.Positions(device), batch.Targets(device), config.Temperature, checkpoints);
        var old = batch.Gather(s => s.OldLogProbs, device);
        var policyLoss = Losses.Policy(logProbs, old, batch.Gather(s => s.Behaviour, device), batch.Gather(s => s.Advantages, device),
            config.PolicyClip) * tokenWeight;
        Tensor? valueLoss = null;
        if (config.AdvantageLevel != AdvantageLevel.Reward)
        {
            var values = view.Value!.Values(ids, batch.Lengths, hidden, batch.Sites(device), checkpoints);
            valueLoss = Losses.Value(values, batch.Gather(s => s.OldValues, device), batch.Gather(s => s.Returns, device),
                config.ValueClip) * siteWeight;
        }
        checkpoints.Backward(valueLoss is null ? policyLoss : policyLoss + valueLoss);
        optimizers.Collect();
        return Metrics.Part.Of(policyLoss, valueLoss, logProbs, old, config.PolicyClip);
    }

    public void Dispose()
    {
        decoder.Dispose();
        optimizers.Dispose();
        replicas.Dispose();
        value.Dispose();
        reference.Dispose();
    }
}
