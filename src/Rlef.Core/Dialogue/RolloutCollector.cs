using System.Collections.Immutable;
using System.Diagnostics;
using Rlef.Execution;
using Rlef.Policy;
using Rlef.Problems;

namespace Rlef.Dialogue;

/// <summary>Plays episodes (see <see cref="JudgedDialogue"/>) with a policy's own weights.</summary>
/// <remarks>
/// Each step decodes one token of every dialogue whose turn it is to speak; a new dialogue, or the next turn of an old one, joins the others at any step,
/// or block of steps where a GPU decodes (continuous batching, Yu et al. 2022, Orca). Programs are judged meanwhile. What is decoded together never depends
/// on how long the judge took.
/// </remarks>
public sealed class RolloutCollector(IDecoder decoder, ChatFormat format, IJudge judge) : IRolloutCollector
{
    // Steps between the end of a response and the next turn: the judge's time to run the public tests without holding up the others.
    const int JudgeSteps = 16;

    /// <summary>Totals since the collector was made.</summary>
    public RolloutCost Cost { get; private set; } = new();

    /// <inheritdoc/>
    public async Task<ImmutableArray<Episode>> CollectAsync(IReadOnlyList<RolloutRequest> requests, ulong seed, RolloutOptions options,
        IProgress<Episode>? ended = null, CancellationToken cancellation = default)
    {
        CheckRoom(requests.DistinctBy(r => r.Problem.Id).Select(r => (r.Problem, r.Start)), options);
        var episodes = new Task<Episode>[requests.Count];
        var (begun, door) = (0, new Lock());
        // Of this call alone: at the next one the weights may be others.
        var prompts = new SharedPrompts(decoder);
        Queue<int> rows = new(Enumerable.Range(0, decoder.Capacity));
        List<OpenEpisode> open = [];
        for (var step = 0L; ; step += decoder.Block)
        {
            await HearVerdictsAsync([.. open.Where(e => e.Waits && e.Ended + JudgeSteps <= step)], step);
            while (begun < requests.Count && rows.TryDequeue(out var row))
                open.Add(Begin(row, begun++, step));
            while (open.Count > 0 && open.TrueForAll(e => e.Waits))
                await HearVerdictsAsync([.. open], step);
            if (open.Count > 0)
                Sample([.. open.Where(e => !e.Waits)], prompts, step + decoder.Block - 1, cancellation);
            else if (begun == requests.Count)
            {
                var waiting = Stopwatch.GetTimestamp();
                var played = await Task.WhenAll(episodes);
                Cost = Cost with { JudgeWait = Cost.JudgeWait + Stopwatch.GetElapsedTime(waiting), Executions = Cost.Executions + played.Sum(e => e.Executions) };
                return [.. played];
            }
        }

        OpenEpisode Begin(int row, int index, long step)
        {
            decoder.Reset(row);
            var episode = new OpenEpisode(row, index, new(requests[index], seed, options, judge), options, format);
            episode.Begin(decoder.MaxLength, step, cancellation);
            return episode;
        }

        async Task HearVerdictsAsync(OpenEpisode[] waiting, long step)
        {
            var started = Stopwatch.GetTimestamp();
            foreach (var episode in waiting)
                await episode.Dialogue.HearVerdictAsync();
            Cost = Cost with { JudgeWait = Cost.JudgeWait + Stopwatch.GetElapsedTime(started) };
            foreach (var episode in waiting)
            {
                if (episode.TryContinue(decoder.MaxLength, step, cancellation))
                    continue;
                open.Remove(episode);
                rows.Enqueue(episode.Row);
                episodes[episode.Index] = EndAsync(episode);
            }
        }

        async Task<Episode> EndAsync(OpenEpisode open)
        {
            var episode = await open.Dialogue.EndAsync(cancellation);
            lock (door)
                ended?.Report(episode);
            return episode;
        }
    }

    /// <summary>To be asked before anything is played: the one problem for which there is no room may be the last.</summary>
    /// <exception cref="InvalidDataException">The first turn of a problem has no room in a dialogue.</exception>
    public void CheckRoom(IEnumerable<(Problem Problem, RolloutStart Start)> begun, RolloutOptions options)
    {
        List<(string Id, int Tokens)> tooLong = [];
        foreach (var (problem, start) in begun)
            if (start.Length(format, options.Wording.FirstMessage(problem.Statement), options.Examples) + options.Sampling.MaxTokens is var tokens && tokens > decoder.MaxLength)
                tooLong.Add((problem.Id, tokens));
        if (tooLong.Count > 0)
            throw new InvalidDataException(OpenEpisode.NoRoom(tooLong[0].Id, tooLong[0].Tokens, decoder.MaxLength)
                + (tooLong.Count == 1 ? "" : $" {tooLong.Count - 1} more are too long; the longest needs {tooLong.Max(p => p.Tokens)}."));
    }

    // The next tokens of each response; those that are complete are judged from now on, the last step of this call.
    void Sample(OpenEpisode[] speaking, SharedPrompts prompts, long step, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var started = Stopwatch.GetTimestamp();
        var before = speaking.Sum(e => e.Response.Tokens.Count);
        OpenResponse[] responses = [.. speaking.Select(e => e.Response)];
        prompts.Read(responses);
        decoder.Sample(responses);
        foreach (var episode in speaking.Where(e => e.Response.Ended))
            episode.StartJudging(step, cancellation);
        Cost = Cost with
        {
            GeneratedTokens = Cost.GeneratedTokens + speaking.Sum(e => e.Response.Tokens.Count) - before,
            Generation = Cost.Generation + Stopwatch.GetElapsedTime(started),
        };
    }
}
