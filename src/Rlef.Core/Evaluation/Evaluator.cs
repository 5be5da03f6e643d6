using System.Collections.Immutable;
using Rlef.Dialogue;
using Rlef.Execution;
using Rlef.Policy;
using Rlef.Problems;

namespace Rlef.Evaluation;

/// <summary>Plays the problems of a set with a policy, several times each.</summary>
public sealed class Evaluator : IRolloutCollector, IDisposable
{
    /// <summary>Longest dialogue of the nano world, in tokens.</summary>
    public const int MaxDialogueTokens = 900;

    const long Evaluation = 1000;   // keeps evaluation's random streams apart from training's
    readonly IDecoder decoder;
    readonly RolloutCollector collector;

    /// <param name="rows">Episodes played at once, if the memory holds them.</param>
    public Evaluator(Transformer policy, ChatFormat format, IJudge judge, int rows = 128, int maxDialogueTokens = MaxDialogueTokens)
    {
        var length = Math.Min(maxDialogueTokens, policy.Config.MaxPositionEmbeddings);
        decoder = Decoders.Create(policy, DecoderPlan.Fitting(policy.Config, length, rows), length);
        collector = new RolloutCollector(decoder, format, judge);
    }

    /// <summary>The episodes of an evaluation, in the order of the problems, the samples of a problem together.</summary>
    /// <param name="samples">Episodes for each problem.</param>
    public static IEnumerable<RolloutRequest> Requests(ProblemSet problems, int samples) =>
        from problem in Enumerable.Range(0, problems.Count)
        from sample in Enumerable.Range(0, samples)
        select new RolloutRequest(problems[problem], sample, Evaluation, problem, sample);

    /// <summary>Plays every problem several times.</summary>
    /// <inheritdoc cref="Requests"/>
    public Task<ImmutableArray<Episode>> PlayAsync(ProblemSet problems, int samples, RolloutOptions options, ulong seed = 1, CancellationToken cancellation = default) =>
        CollectAsync([.. Requests(problems, samples)], seed, options, cancellation: cancellation);

    /// <inheritdoc/>
    public Task<ImmutableArray<Episode>> CollectAsync(IReadOnlyList<RolloutRequest> requests, ulong seed, RolloutOptions options,
        IProgress<Episode>? ended = null, CancellationToken cancellation = default)
    {
        // The policy may have been trained since the last time.
        decoder.Refresh();
        return collector.CollectAsync(requests, seed, options, ended, cancellation);
    }

    public void Dispose() => decoder.Dispose();
}
