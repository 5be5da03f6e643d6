using System.Globalization;
using System.Runtime.InteropServices;
using Rlef.Dialogue;
using Rlef.Evaluation;
using Rlef.Learning;
using Rlef.Policy;
using Rlef.Problems;
using Rlef.Rewards;
using Rlef.Storage;

namespace Rlef.Experiments;

/// <summary>
/// The pieces of a sweep's work, and what one process has found out. Each piece is done, or found done, while its folder is held; where another process holds it,
/// it answers false and has done nothing.
/// </summary>
sealed class SweepWork(Sweep sweep, string root, string output, string? sandbox, string? packages, IProgress<SweepRunner.Progress>? progress, CancellationToken cancellation)
    : IAsyncDisposable
{
    readonly SweepLaboratories laboratories = new(sweep, sandbox, packages, cancellation);
    readonly int all = sweep.Runs.Count();
    readonly Dictionary<string, ProblemSet> training = [];
    readonly Dictionary<string, string> folders = [];
    readonly SortedDictionary<int, IReadOnlyList<SweepResults.Scored>> untrained = [];
    readonly SortedDictionary<int, (IReadOnlyList<SweepResults.Scored> Scored, TrainedRun Run)> trained = [];
    readonly SortedDictionary<string, SweepOutcomes.Evaluation> outcomes = new(StringComparer.Ordinal);

    /// <summary>What is said of runs that came apart, are damaged or cannot be; they are left out.</summary>
    public List<string> Failures { get; } = [];

    /// <summary>Chooses the training problems for a base policy.</summary>
    public async Task<bool> TrySelectAsync(string policy)
    {
        var laboratory = await laboratories.OfAsync(policy, Wording);
        var problems = await laboratories.ProblemsAsync(laboratory, sweep.Problems, null);
        if (sweep.Select is not { } samples)
        {
            training[policy] = problems;
            return true;
        }
        var folder = BaseFolder(laboratory, policy);
        using var held = Hold(folder, "selecting");
        if (held is null)
            return false;
        var common = sweep.Common;
        var sampling = new Sampling(common.Temperature, 1, common.MaxResponseTokens);
        var path = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture,
            $"selection-{samples}-{sampling.MaxTokens}-{common.MaxDialogueTokens}-{sampling.Temperature:g6}-{ProblemFile.Digest(problems)[..12]}.json"));
        var measured = await OutcomeFile.ReadOrPlayAsync(path, async () =>
        {
            using var model = laboratory.LoadBase();
            return await laboratory.EvaluateAsync(model.Model, problems, turnLimit: 1, samples: samples, sampling: sampling, maxDialogueTokens: common.MaxDialogueTokens,
                judge: laboratory.Judge, cancellation: cancellation);
        });
        outcomes[path] = SweepOutcomes.Of(Path.GetFileName(folder), Path.GetFileName(path), measured);
        training[policy] = new(problems.Name, OpenProblems.Of(problems, measured, policy).Problems);
        return true;
    }

    public Func<Task<bool>> ScoreBase(string policy, int place) => async () =>
    {
        var laboratory = await laboratories.OfAsync(policy, Wording);
        var folder = BaseFolder(laboratory, policy);
        if (sweep.Policies.Keys.FirstOrDefault(other => other != policy && folders.GetValueOrDefault(BaseWork(other)) == folder) is { } copy)
            throw new ArgumentException($"Policies '{copy}' and '{policy}' have the same weights, and would be counted as two.");
        using var held = Hold(folder, "scoring");
        if (held is null)
            return false;
        progress?.Report(new(trained.Count, all, null, 0, false, null));
        using var model = laboratory.LoadBase();
        untrained[place] = await ScoreAsync(laboratory, model, folder, (SweepResults.Base, policy, 0));
        Save();
        return true;
    };

    public Func<Task<bool>> TrainAndScore(Sweep.Run run, int place) => async () =>
    {
        var laboratory = await laboratories.OfAsync(run.Policy, run.Wording);
        try
        {
            var problems = training[run.Policy];
            var feedback = await laboratories.FeedbackAsync(laboratory, run.Feedback, problems, run.Config);
            var reward = KnownRewards.Create(run.Reward, laboratory.Tokenizer);
            var folder = Folder($"run {place}", () => laboratory.RecipeOf(run.Config, problems, feedback, reward).Hash[..16]);
            using var held = Hold(folder, "scoring");
            if (held is null)
                return false;
            trained[place] = await ResultAsync(folder, problems, feedback, reward);
            Save();
        }
        catch (Exception e) when (e is NotFiniteNumberException or InvalidDataException or ArgumentException or ExternalException)
        {
            trained.Remove(place);
            Failures.Add($"arm '{run.Arm}', {run.Policy}, seed {run.Seed}: {e.Message}");
        }
        return true;

        async Task<(IReadOnlyList<SweepResults.Scored>, TrainedRun)> ResultAsync(string folder, ProblemSet problems, IFeedbackSource feedback, IReward reward)
        {
            var known = await KnownAsync(laboratory, folder) is { } told ? told with { Arm = run.Arm, Policy = run.Policy, Seed = run.Seed } : null;
            var found = known is not null || new RunDirectory(folder).Checkpoints.FirstOrDefault() >= run.Config.Updates;
            Report(null);
            using var policy = known is null ? await laboratory.TrainAsync(folder, run.Config, problems, feedback, reward,
                new ImmediateProgress<IReadOnlyDictionary<string, double>>(Report), cancellation) : null;
            return (await ScoreAsync(laboratory, policy, folder, (run.Arm, run.Policy, run.Seed)), known ?? TrainedRun.Of(Path.GetFileName(folder), run, new RunDirectory(folder).ReadMetrics()));

            void Report(IReadOnlyDictionary<string, double>? metrics) => progress?.Report(new(trained.Count, all, run, place + 1, found, metrics));
        }
    };

    // Of base policies.
    string Wording => sweep.Runs.First().Wording;

    static string BaseWork(string policy) => $"base {policy}";

    string BaseFolder(Laboratory laboratory, string policy) => Folder(BaseWork(policy), () =>
    {
        using var model = laboratory.LoadBase();
        return $"base-{Recipe.DigestOf(model.Model, laboratory.Format)[..16]}-{Recipe.DigestOf(laboratory.Wording)[..8]}" +
            $"{string.Concat(laboratory.PythonPackages.Select(p => $"+{p.Name}-{p.Version}"))}";
    });

    // Telling a folder's name takes reading the policy's weights, and may be asked again and again of what others have in hand.
    string Folder(string work, Func<string> name) => folders.TryGetValue(work, out var known) ? known : folders[work] = Path.Combine(root, name());

    static IDisposable? Hold(string folder, string work)
    {
        Directory.CreateDirectory(folder);
        return FileLock.TryTake(Path.Combine(folder, $".{work}"));
    }

    /// <param name="policy">Null where all is scored.</param>
    async Task<IReadOnlyList<SweepResults.Scored>> ScoreAsync(Laboratory laboratory, PolicyCheckpoint? policy, string folder, (string Arm, string Policy, ulong Seed) run)
    {
        List<SweepResults.Scored> scored = [];
        var (common, problems) = (sweep.Common, await EvaluationProblemsAsync(laboratory));
        if (policy is not null && Longest > policy.Model.Config.MaxPositionEmbeddings)
            throw new ArgumentException($"Evaluation with max_dialogue_tokens {Longest}: the policy '{run.Policy}' has {policy.Model.Config.MaxPositionEmbeddings} positions, which is the most.");
        foreach (var (name, path) in Evaluations(folder, problems))
        {
            var result = policy is null ? OutcomeFile.Read(path) : await OutcomeFile.ReadOrPlayAsync(path, async () => await laboratory.EvaluateAsync(policy.Model, problems,
                await laboratories.FeedbackAsync(laboratory, name, problems, common), sweep.Evaluation.Turns, sweep.Evaluation.Samples, Sampling,
                maxDialogueTokens: Longest, cancellation: cancellation));
            outcomes[path] = SweepOutcomes.Of(Path.GetFileName(folder), Path.GetFileName(path), result);
            scored.Add(new(run.Arm, run.Policy, run.Seed, name, result));
        }
        return scored;
    }

    // A run of which nothing but its outcomes is here, those among them that the sandbox failed in. Where a whole evaluation is missing it is trained again, and then all of it is
    // scored: what comes of that is another policy.
    async Task<TrainedRun?> KnownAsync(Laboratory laboratory, string folder)
    {
        if (TrainedRun.Find(folder) is not { } known)
            return null;
        if (Evaluations(folder, await EvaluationProblemsAsync(laboratory)).All(e => File.Exists(e.Path)))
            return known;
        TrainedRun.Forget(folder);
        return null;
    }

    Task<ProblemSet> EvaluationProblemsAsync(Laboratory laboratory) => laboratories.ProblemsAsync(laboratory, sweep.Evaluation.Problems, sweep.Evaluation.Limit);

    // Named by all that decides what is played.
    IEnumerable<(string Feedback, string Path)> Evaluations(string folder, ProblemSet problems)
    {
        var heat = Sampling == sweep.Common.EvaluationSampling ? "" : string.Create(CultureInfo.InvariantCulture, $"-{Sampling.Temperature:g6}");
        var digest = ProblemFile.Digest(problems)[..12];
        return sweep.Evaluation.Feedback.Select(name => (name, Path.Combine(folder,
            $"evaluation-{name}-{sweep.Evaluation.Turns}-{sweep.Evaluation.Samples}-{Sampling.MaxTokens}-{Longest}{heat}-{digest}.json")));
    }

    // Of evaluation.
    Sampling Sampling => sweep.Common.EvaluationSampling with { Temperature = sweep.Evaluation.Temperature ?? sweep.Common.EvaluationSampling.Temperature };
    int Longest => sweep.Evaluation.MaxDialogueTokens ?? sweep.Common.MaxDialogueTokens;

    /// <summary>To be kept once all is done: those of a part would take the place of those of the whole.</summary>
    public void SaveOutcomes() => new SweepOutcomes(Results.Runs, [.. outcomes.Values]).Save(SweepOutcomes.PathBeside(output));

    /// <summary>Of what is known so far.</summary>
    public SweepResults Results { get; private set; } = new([]);

    void Save()
    {
        var scored = untrained.Values.Concat(trained.Values.Select(t => t.Scored)).SelectMany(s => s).ToList();
        Results = SweepResults.Of(scored, sweep.Evaluation.Turns) with { Runs = [.. trained.Values.Select(t => t.Run)] };
        Results.Save(output);
    }

    public ValueTask DisposeAsync() => laboratories.DisposeAsync();
}
