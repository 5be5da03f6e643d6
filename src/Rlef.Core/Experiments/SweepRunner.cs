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
        var (runs, finished) = (sweep.Runs.ToList(), 0);
        foreach (var (name, folder) in sweep.Policies)
        {
            progress?.Report(new(finished, runs.Count, null, null));
            await using var laboratory = await OpenAsync(folder, runs[0].Wording, sandbox, packages, cancellation);
            using var policy = laboratory.LoadBase();
            await ScoreAsync(laboratory, policy, Path.Combine(root, $"base-{Recipe.DigestOf(policy.Model)[..16]}{string.Concat(laboratory.PythonPackages.Select(p => $"+{p.Name}-{p.Version}"))}"), (SweepResults.Base, name, 0), scored, cancellation);
        }
        foreach (var run in runs)
        {
            progress?.Report(new(finished, runs.Count, run, null));
            await using var laboratory = await OpenAsync(sweep.Policies[run.Policy], run.Wording, sandbox, packages, cancellation);
            var problems = await laboratory.ReadProblemsAsync(sweep.Problems, cancellation);
            var feedback = await laboratory.FeedbackAsync(run.Feedback, problems, Sampling.Nano with { MaxTokens = run.Config.MaxResponseTokens }, run.Config.MaxDialogueTokens,
                cancellation: cancellation);
            var reward = KnownRewards.Create(run.Reward, laboratory.Tokenizer);
            var folder = Path.Combine(root, laboratory.RecipeOf(run.Config, problems, feedback, reward).Hash[..16]);
            using var policy = await laboratory.TrainAsync(folder, run.Config, problems, feedback, reward,
                new ImmediateProgress<IReadOnlyDictionary<string, double>>(m => progress?.Report(new(finished, runs.Count, run, m))), cancellation);
            await ScoreAsync(laboratory, policy, folder, (run.Arm, run.Policy, run.Seed), scored, cancellation);
            finished++;
            SweepResults.Of(scored, sweep.Arms.Keys.First(), sweep.Evaluation.Turns).Save(output);
        }
        return SweepResults.Load(output);
    }

    static Task<Laboratory> OpenAsync(string policy, string wording, string? sandbox, string? packages, CancellationToken cancellation) =>
        Laboratory.OpenAsync(policy, DialogueWording.All[wording], sandbox, packages: packages, cancellation: cancellation);

    async Task ScoreAsync(Laboratory laboratory, PolicyCheckpoint policy, string folder, (string Arm, string Policy, ulong Seed) run,
        List<SweepResults.Scored> scored, CancellationToken cancellation)
    {
        Directory.CreateDirectory(folder);
        var problems = await laboratory.ReadProblemsAsync(sweep.Evaluation.Problems, cancellation);
        var (sampling, longest) = (Sampling.Nano with { MaxTokens = sweep.Common.MaxResponseTokens }, sweep.Common.MaxDialogueTokens);
        foreach (var name in sweep.Evaluation.Feedback)
        {
            var path = Path.Combine(folder, $"evaluation-{name}-{sweep.Evaluation.Turns}-{sweep.Evaluation.Samples}-{sampling.MaxTokens}-{longest}-{ProblemFile.Digest(problems)[..12]}.json");
            if (!File.Exists(path))
            {
                var feedback = await laboratory.FeedbackAsync(name, problems, sampling, longest, cancellation: cancellation);
                var played = await laboratory.EvaluateAsync(policy.Model, problems, feedback, sweep.Evaluation.Turns, sweep.Evaluation.Samples, sampling, maxDialogueTokens: longest,
                    cancellation: cancellation);
                AtomicFile.WriteText(path, JsonSerializer.Serialize(played.Outcomes, Json));
            }
            scored.Add(new(run.Arm, run.Policy, run.Seed, name, new(Outcomes(path))));
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
