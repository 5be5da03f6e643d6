using Rlef.Dialogue;
using Rlef.Experience;
using Rlef.Policy;
using Rlef.Randomness;
using Rlef.Storage;
using static TorchSharp.torch;

namespace Rlef.Learning;

/// <summary>
/// Reinforcement learning from execution feedback (RLEF, arXiv 2410.02089): PPO with a policy over tokens and a value function over turns, without GAE, discounting, or a
/// value for every token. With other arms in its recipe, what else learns from running programs.
/// </summary>
/// <remarks>
/// <code>
/// repeat:
///   next       the curriculum chooses problems
///   play       answer, public tests, feedback, at most three turns; then private tests
///   reward     r_t from the private tests
///   remember   how often each problem was solved, and how well; the experience keeps episodes, and gives those to learn from
///   estimate   β · mean log-ratio to the reference is taken from r_t; A_t = Σ_{i≥t} r_i − V(c_t), whitened, given to every token of response t
///   learn      a few clipped steps on the policy's own tokens
///   observe    rewards that are fitted hear the episodes, a KL penalty that adapts how far the policy has gone
/// </code>
/// Every random draw is keyed by (seed, purpose, update, …), so a resumed run equals one that was never interrupted.
/// </remarks>
public sealed class RlefTrainer : IDisposable
{
    readonly Transformer policy;
    readonly TrainingSetup setup;
    readonly TrainingConfig config;
    readonly Learner learner;
    readonly IDecoder decoder;
    readonly RolloutCollector collector;
    readonly Recipe recipe;
    RunMemory memory = new();

    /// <param name="policy">
    /// Trained in place, or given adapters to train if the configuration says so. What it computes at this moment is the reference policy.
    /// </param>
    public RlefTrainer(Transformer policy, TrainingSetup setup, TrainingConfig config)
    {
        config.Check();
        setup.Check(config, policy);
        (this.policy, this.setup, this.config) = (policy, setup, config);
        manual_seed((long)config.Seed);
        recipe = Recipe.Of(config, setup, policy);
        if (config.LoraRank > 0 && policy.Lora is null)
            policy.AddLora(new(config.LoraRank, config.LoraAlpha));
        learner = new Learner(policy, config);
        decoder = Decoders.Create(policy, DecoderPlan.Fitting(policy.Config, config.MaxDialogueTokens, config.ProblemsPerUpdate * config.SamplesPerProblem), config.MaxDialogueTokens);
        collector = new RolloutCollector(decoder, setup.Format, setup.Judge);
    }

    /// <summary>Trains until <see cref="TrainingConfig.Updates"/> is reached, from the newest checkpoint of the run if there is one.</summary>
    /// <param name="progress">Receives the metrics of each update, those of a resumed run's past first.</param>
    public async Task TrainAsync(RunDirectory run, IProgress<IReadOnlyDictionary<string, double>>? progress = null, CancellationToken cancellation = default)
    {
        using var held = run.Hold();
        (var first, memory) = TrainingCheckpoint.Restore(run, learner.Optimizers, recipe);
        setup.Reward.State = memory.Reward;
        // Which problems come when is left to the curriculum: one without room would end the run in any update.
        if (first < config.Updates && config.Experience.WantsMore(memory, 0))
            collector.CheckRoom(setup.Problems.Select(p => (p, RolloutStart.Of(p))), Options);
        run.TruncateTo(first);
        AtomicFile.WriteText(run.File("config.json"), recipe.ToJson());
        if (first < config.Updates)
            RunDirectory.Append(run.EnvironmentsPath, RunStart.Of(first, setup.EnvironmentOn(policy.Device)), synced: true);
        foreach (var past in run.ReadMetrics())
            progress?.Report(past);
        for (var update = first; update < config.Updates; update++)
        {
            var metrics = new Metrics(update);
            try
            {
                var played = await UpdateAsync(update, metrics, cancellation);
                foreach (var transcript in Transcript.Sample(update, played, config.Seed))
                    RunDirectory.Append(run.EpisodesPath, transcript);
                metrics.Check();
                learner.Optimizers.Check();
            }
            catch (NotFiniteNumberException e)
            {
                throw new NotFiniteNumberException($"{run.Path}, update {update + 1}: {e.Message}"
                    + (learner.Optimizers.Steps == 0 ? "" : $" Learning diverged: begin a new run with a lower learning rate than {config.LearningRate:g3}, or less of another weight of the recipe.")
                    + (run.Checkpoints.Any() ? " What was learned before this update is in the run's checkpoints." : ""), e);
            }
            RunDirectory.Append(run.MetricsPath, metrics.Values, synced: true);
            TrainingCheckpoint.Save(run, update + 1, learner.Optimizers, memory, recipe);
            progress?.Report(metrics.Values);
        }
    }

    async Task<IReadOnlyList<Episode>> UpdateAsync(int update, Metrics metrics, CancellationToken cancellation)
    {
        learner.KlWeight = memory.KlWeight ?? config.Kl.Weight;
        List<Episode> played = [];
        List<TrainingSequence> fresh = [];
        var before = collector.Cost;
        var round = 0;
        while (config.Experience.WantsMore(memory, round))
        {
            decoder.Refresh();
            var episodes = await collector.CollectAsync(Next(), config.Seed, Options, cancellation: cancellation);
            var sequences = Reward(episodes);
            config.Experience.Remember(memory, sequences);
            memory.Observe(episodes.Where(e => e.Counts).Zip(sequences, (e, s) => (e.Problem.Id, e.Solved, s.TurnRewards.Sum())));
            played.AddRange(episodes);
            fresh.AddRange(sequences);
            memory.Rounds++;
            round++;
            if (sequences.Count == 0)
                break;
        }
        // Broken off where nothing counted, such as by a sandbox that fails: what is not complete is not learned from.
        var isComplete = !config.Experience.WantsMore(memory, round);
        if (played.Count > 0)
            metrics.AddRollouts(played, collector.Cost - before);
        var batch = isComplete ? config.Experience.Recall(memory, fresh, RandomStream.For(config.Seed, (long)Draw.Experience, update)) : [];
        // What says nothing that counts is still what others are compared with.
        var spoken = batch.Where(s => s.Positions.Length > 0).ToList();
        if (spoken.Count > 0)
            Estimate(batch, spoken, metrics);
        // References are learned from beside episodes, or alone where none are wanted.
        learner.Learn(spoken, spoken.Count > 0 || played.Count == 0 ? Imitate(update, metrics) : [], update, metrics);
        Observe(played, spoken.Count, metrics);
        return played;
    }

    // A problem that stands in a round more than once is sampled on, not played again by the same draws.
    List<RolloutRequest> Next()
    {
        List<RolloutRequest> requests = [];
        Dictionary<int, int> samples = [];
        foreach (var problem in config.Curriculum.Next(setup.Problems, memory, config.Seed, config.ProblemsPerUpdate))
            for (var i = 0; i < config.SamplesPerProblem; i++)
            {
                var sample = samples[problem] = samples.GetValueOrDefault(problem, -1) + 1;
                requests.Add(new(setup.Problems[problem], sample, (long)Draw.Rollouts, memory.Rounds, problem, sample));
            }
        return requests;
    }

    RolloutOptions Options => new(setup.Wording, setup.Feedback, new(config.Temperature, config.Objective.TopP, config.MaxResponseTokens), config.TurnLimit, setup.Reward.NeedsEveryTest);

    List<TrainingSequence> Reward(IReadOnlyList<Episode> episodes) => [.. episodes.Where(e => e.Counts).Select(episode =>
    {
        var sequence = TrainingSequence.Of(episode, setup.Reward.Score(episode).For(episode, setup.Reward.Name));
        sequence.BestBefore = memory.Problems.GetValueOrDefault(episode.Problem.Id)?.Best ?? 0;
        if (config.Distillation is { } distillation)
            sequence.Hindsights = Hindsight.Of(episode, setup.Wording, setup.Format, Math.Min(2 * config.MaxDialogueTokens, policy.Config.MaxPositionEmbeddings),
                distillation.Solutions ? episodes : []);
        return sequence;
    })];

    void Estimate(IReadOnlyList<TrainingSequence> batch, IReadOnlyList<TrainingSequence> spoken, Metrics metrics)
    {
        learner.Measure(spoken, metrics);
        foreach (var sequence in batch)
            sequence.Charge(config.Kl, learner.KlWeight);
        config.Advantage.Estimate(batch);
        // Where all are paid the same, what is left is the penalty and the critic's error: noise, which whitening would make as loud as a reward.
        var flat = config.Advantage.IsFlat(batch) && batch.All(s => Array.TrueForAll(s.TokenRewards, r => r == 0));
        if (flat)
            foreach (var sequence in batch)
                Array.Clear(sequence.Advantages);
        metrics.AddRewards(spoken, flat);
    }

    IReadOnlyList<TrainingSequence> Imitate(int update, Metrics metrics)
    {
        if (config.References == 0)
            return [];
        var references = Imitation.Draw(setup.Problems, config, update, setup.Wording, setup.Format);
        metrics.AddReferences(references.Count);
        if (config.MeasuresFirst || config.ReadsOld)
            learner.MeasureAll(references, metrics);
        foreach (var reference in references)
            reference.BeImitated();
        return references;
    }

    void Observe(IReadOnlyList<Episode> played, int learned, Metrics metrics)
    {
        setup.Reward.Fit([.. played.Where(e => e.Counts)]);
        memory.Reward = setup.Reward.State;
        if (metrics.Values.TryGetValue("kl", out var kl))
            memory.KlWeight = config.Kl.Adapt(learner.KlWeight, kl, learned);
        metrics.AddKlWeight(learner.KlWeight);
    }

    public void Dispose()
    {
        decoder.Dispose();
        learner.Dispose();
    }
}
