using Rlef.Dialogue;
using Rlef.Learning;
using Rlef.Problems;

namespace Rlef.Experiments;

/// <summary>What the runs of a sweep have in common, opened, read and played once.</summary>
sealed class SweepLaboratories(Sweep sweep, string? sandbox, string? packages, CancellationToken cancellation) : IAsyncDisposable
{
    readonly Dictionary<(string, string), Laboratory> opened = [];
    readonly Dictionary<(string, int?), ProblemSet> read = [];
    readonly Dictionary<(Laboratory, string, ProblemSet, int, int), IFeedbackSource> played = [];

    public async Task<Laboratory> OfAsync(string policy, string wording) => opened.TryGetValue((policy, wording), out var known) ? known
        : opened[(policy, wording)] = await Laboratory.OpenAsync(sweep.Policies[policy], DialogueWording.All[wording], sandbox, packages: packages, cancellation: cancellation);

    public async Task<ProblemSet> ProblemsAsync(Laboratory laboratory, string path, int? limit)
    {
        if (read.TryGetValue((path, limit), out var known))
            return known;
        var all = await laboratory.ReadProblemsAsync(path, cancellation: cancellation);
        return read[(path, limit)] = limit is { } most ? new(all.Name, all.Take(most)) : all;
    }

    public async Task<IFeedbackSource> FeedbackAsync(Laboratory laboratory, string name, ProblemSet problems, TrainingConfig config)
    {
        var key = (laboratory, name, problems, config.MaxResponseTokens, config.MaxDialogueTokens);
        return played.TryGetValue(key, out var known) ? known
            : played[key] = await laboratory.FeedbackAsync(name, problems, config.EvaluationSampling, config.MaxDialogueTokens, cancellation: cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var laboratory in opened.Values)
            await laboratory.DisposeAsync();
    }
}
