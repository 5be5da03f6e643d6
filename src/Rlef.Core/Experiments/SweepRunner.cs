using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Rlef.Dialogue;
using Rlef.Evaluation;
using Rlef.Learning;
using Rlef.Policy;
using Rlef.Problems;
using Rlef.Rewards;
using Rlef.Storage;

namespace Rlef.Experiments;

/// <summary>
/// Works off a <see cref="Sweep"/>: trains what is not trained, scores what is not scored. A run lies in a folder named by the hash of its recipe, so that an
/// arm that stands in several sweeps is computed once, and a sweep that was killed goes on where it was.
/// </summary>
/// <param name="root">Folder of all runs.</param>
public sealed class SweepRunner(Sweep sweep, string root)
{
    static readonly JsonSerializerOptions Json = new() { Converters = { new JsonStringEnumConverter() } };

    /// <param name="Run">Null for a base policy that is scored.</param>
    /// <param name="Metrics">Of an update of the run; null when it begins.</param>
    public sealed record Progress(int Finished, int All, Sweep.Run? Run, IReadOnlyDictionary<string, double>? Metrics);

    /// <param name="sandbox">Where programs run, and <paramref name="packages"/> what they may import; see <see cref="Laboratory.OpenAsync"/>.</param>
    /// <returns>Results of all runs, written to <paramref name="output"/> after each run.</returns>
    public async Task<SweepResults> RunAsync(string output, string? sandbox = null, string? packages = null, IProgress<Progress>? progress = null, CancellationToken cancellation = default)
    {
        List<SweepResults.Scored> scored = [];
        List<TrainedRun> trained = [];
        var runs = sweep.Runs.ToList();
        await using var laboratories = new Laboratories(sweep, sandbox, packages);
        Dictionary<string, ProblemSet> training = [];
        foreach (var name in sweep.Policies.Keys)
        {
            progress?.Report(new(0, runs.Count, null, null));
            var laboratory = await laboratories.OfAsync(name, runs[0].Wording, cancellation);
            using var policy = laboratory.LoadBase();
            var folder = Path.Combine(root, $"base-{Recipe.DigestOf(policy.Model)[..16]}{string.Concat(laboratory.PythonPackages.Select(p => $"+{p.Name}-{p.Version}"))}");
            Directory.CreateDirectory(folder);
            training[name] = await SelectAsync(await laboratories.ProblemsAsync(laboratory, sweep.Problems, null, cancellation), laboratory, policy, folder, name, cancellation);
            await ScoreAsync(laboratories, laboratory, policy, folder, (SweepResults.Base, name, 0), scored, cancellation);
        }
        foreach (var run in runs)
        {
            progress?.Report(new(trained.Count, runs.Count, run, null));
            var laboratory = await laboratories.OfAsync(run.Policy, run.Wording, cancellation);
            var problems = training[run.Policy];
            var feedback = await laboratories.FeedbackAsync(laboratory, run.Feedback, problems, run.Config, cancellation);
            var reward = KnownRewards.Create(run.Reward, laboratory.Tokenizer);
            var id = laboratory.RecipeOf(run.Config, problems, feedback, reward).Hash[..16];
            var folder = Path.Combine(root, id);
            using var policy = await laboratory.TrainAsync(folder, run.Config, problems, feedback, reward,
                new ImmediateProgress<IReadOnlyDictionary<string, double>>(m => progress?.Report(new(trained.Count, runs.Count, run, m))), cancellation);
            await ScoreAsync(laboratories, laboratory, policy, folder, (run.Arm, run.Policy, run.Seed), scored, cancellation);
            trained.Add(TrainedRun.Of(id, run, new RunDirectory(folder).ReadMetrics()));
            (SweepResults.Of(scored, sweep.Evaluation.Turns) with { Runs = trained }).Save(output);
        }
        return SweepResults.Load(output);
    }

    async Task<ProblemSet> SelectAsync(ProblemSet all, Laboratory laboratory, PolicyCheckpoint policy, string folder, string name, CancellationToken cancellation)
    {
        if (sweep.Select is not { } samples)
            return all;
        var common = sweep.Common;
        var sampling = new Sampling(common.Temperature, 1, common.MaxResponseTokens);
        var result = await PlayedAsync(Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"selection-{samples}-{sampling.MaxTokens}-{common.MaxDialogueTokens}-{sampling.Temperature:g6}-{ProblemFile.Digest(all)[..12]}.json")),
            () => laboratory.EvaluateAsync(policy.Model, all, turnLimit: 1, samples: samples, sampling: sampling, maxDialogueTokens: common.MaxDialogueTokens,
                judge: laboratory.Judge, cancellation: cancellation));
        return new(all.Name, OpenProblems.Of(all, result, name).Problems);
    }

    async Task ScoreAsync(Laboratories laboratories, Laboratory laboratory, PolicyCheckpoint policy, string folder, (string Arm, string Policy, ulong Seed) run,
        List<SweepResults.Scored> scored, CancellationToken cancellation)
    {
        var problems = await laboratories.ProblemsAsync(laboratory, sweep.Evaluation.Problems, sweep.Evaluation.Limit, cancellation);
        var common = sweep.Common;
        var (usual, longest) = (common.EvaluationSampling, common.MaxDialogueTokens);
        var sampling = usual with { Temperature = sweep.Evaluation.Temperature ?? usual.Temperature };
        var heat = sampling == usual ? "" : string.Create(CultureInfo.InvariantCulture, $"-{sampling.Temperature:g6}");
        var digest = ProblemFile.Digest(problems)[..12];
        foreach (var name in sweep.Evaluation.Feedback)
        {
            var path = Path.Combine(folder, $"evaluation-{name}-{sweep.Evaluation.Turns}-{sweep.Evaluation.Samples}-{sampling.MaxTokens}-{longest}{heat}-{digest}.json");
            scored.Add(new(run.Arm, run.Policy, run.Seed, name, await PlayedAsync(path, async () => await laboratory.EvaluateAsync(policy.Model, problems,
                await laboratories.FeedbackAsync(laboratory, name, problems, common, cancellation), sweep.Evaluation.Turns, sweep.Evaluation.Samples, sampling, maxDialogueTokens: longest, cancellation: cancellation))));
        }
    }

    // What was played is played once.
    static async Task<EvaluationResult> PlayedAsync(string path, Func<Task<EvaluationResult>> play)
    {
        if (!File.Exists(path))
            AtomicFile.WriteText(path, JsonSerializer.Serialize((await play()).Outcomes, Json));
        return new(Outcomes(path));
    }

    // What the runs of a sweep have in common is opened, read and played once.
    sealed class Laboratories(Sweep sweep, string? sandbox, string? packages) : IAsyncDisposable
    {
        readonly Dictionary<(string, string), Laboratory> opened = [];
        readonly Dictionary<(string, int?), ProblemSet> read = [];
        readonly Dictionary<(Laboratory, string, ProblemSet, int, int), IFeedbackSource> played = [];

        public async Task<Laboratory> OfAsync(string policy, string wording, CancellationToken cancellation) => opened.TryGetValue((policy, wording), out var known) ? known
            : opened[(policy, wording)] = await Laboratory.OpenAsync(sweep.Policies[policy], DialogueWording.All[wording], sandbox, packages: packages, cancellation: cancellation);

        public async Task<ProblemSet> ProblemsAsync(Laboratory laboratory, string path, int? limit, CancellationToken cancellation)
        {
            if (read.TryGetValue((path, limit), out var known))
                return known;
            var all = await laboratory.ReadProblemsAsync(path, cancellation: cancellation);
            return read[(path, limit)] = limit is { } most ? new(all.Name, all.Take(most)) : all;
        }

        public async Task<IFeedbackSource> FeedbackAsync(Laboratory laboratory, string name, ProblemSet problems, TrainingConfig config, CancellationToken cancellation)
        {
            var key = (laboratory, name, problems, config.MaxResponseTokens, config.MaxDialogueTokens);
            return played.TryGetValue(key, out var known) ? known : played[key] = await laboratory.FeedbackAsync(name, problems, config.EvaluationSampling,
                config.MaxDialogueTokens, cancellation: cancellation);
        }

        public async ValueTask DisposeAsync()
        {
            foreach (var laboratory in opened.Values)
                await laboratory.DisposeAsync();
        }
    }

    /// <summary>What sweeps scored of the policy in a folder of theirs: feedback, turn limit and outcomes.</summary>
    /// <exception cref="InvalidDataException">A file is damaged; the message names it.</exception>
    public static IEnumerable<(string Feedback, int Turns, EvaluationResult Result)> Evaluations(string folder)
    {
        foreach (var path in Directory.EnumerateFiles(folder, "evaluation-*.json").Order(StringComparer.Ordinal))
            if (Path.GetFileName(path).Split('-') is [_, var feedback, var turns, ..] && int.TryParse(turns, out var limit))
                yield return (feedback, limit, new(Outcomes(path)));
    }

    static EpisodeOutcome[] Outcomes(string path) =>
        JsonFile.Read(path, text => JsonSerializer.Deserialize<EpisodeOutcome[]>(text, Json) ?? [], "Remove the file; the sweep then scores that policy again.");
}
