using System.Collections.Immutable;
using Microsoft.Extensions.AI;
using Rlef.Dialogue;
using Rlef.Execution;
using Rlef.Randomness;

namespace Rlef.Endpoints;

/// <summary>Plays episodes (see <see cref="JudgedDialogue"/>) with any chat client: the whole dialogue goes with each request.</summary>
/// <param name="concurrency">Dialogues under way at once.</param>
public sealed class ServedPolicy(IChatClient client, IJudge judge, int concurrency) : IRolloutCollector
{
    // So many dialogues in a row that end for a failure mean that the server is gone.
    readonly int patience = Math.Max(3, concurrency);

    /// <inheritdoc/>
    /// <exception cref="EndpointException">The server cannot be played with, or no longer.</exception>
    public async Task<ImmutableArray<Episode>> CollectAsync(IReadOnlyList<RolloutRequest> requests, ulong seed, RolloutOptions options,
        IProgress<Episode>? ended = null, CancellationToken cancellation = default)
    {
        var episodes = new Episode[requests.Count];
        var (failures, door) = (0, new Lock());
        await Parallel.ForAsync(0, requests.Count, new ParallelOptions { MaxDegreeOfParallelism = concurrency, CancellationToken = cancellation }, async (i, stop) =>
        {
            var (episode, fault) = await PlayAsync(new(requests[i], seed, options, judge), options, stop);
            lock (door)
            {
                episodes[i] = episode;
                ended?.Report(episode);
                failures = fault is { Kind: Breakage.Timeout or Breakage.Failure } ? failures + 1 : 0;
                if (failures >= patience)
                    throw new EndpointException($"{failures} dialogues in a row came to no end, the last for: {fault!.Message} What was played before is kept where --out names a file; " +
                        "the same command goes on from there.", fault);
            }
        });
        return [.. episodes];
    }

    async Task<(Episode Episode, BrokenOffException? Fault)> PlayAsync(JudgedDialogue dialogue, RolloutOptions options, CancellationToken cancellation)
    {
        if (dialogue.Request.Start.Prefix.Length > 0)
            throw new ArgumentException("A served model begins its answers itself: none can be given the beginning of one.");
        List<ChatMessage> messages = [.. options.Examples.Exchanges.SelectMany(e => new ChatMessage[] { new(ChatRole.User, e.Message), new(ChatRole.Assistant, e.Response) })];
        BrokenOffException? fault = null;
        while (dialogue.NextMessage(out var random) is { } message)
        {
            messages.Add(new(ChatRole.User, message));
            Turn turn;
            if (dialogue.Given is { } given)
                turn = new() { Observation = "", Text = given, Truncated = false, Given = true };
            else
                (turn, fault) = await AnswerAsync(messages, options, random, cancellation);
            messages.Add(new(ChatRole.Assistant, turn.Text));
            dialogue.Add(turn with { Observation = message }, cancellation);
            await dialogue.HearVerdictAsync();
        }
        return (await dialogue.EndAsync(cancellation), fault);
    }

    async Task<(Turn, BrokenOffException?)> AnswerAsync(List<ChatMessage> messages, RolloutOptions options, RandomStream random, CancellationToken cancellation)
    {
        try
        {
            var answer = await client.GetResponseAsync(messages, new()
            {
                Temperature = (float)options.Sampling.Temperature,
                // Some servers refuse a temperature and a top-p together.
                TopP = options.Sampling.TopP < 1 ? (float)options.Sampling.TopP : null,
                MaxOutputTokens = options.Sampling.MaxTokens,
                Seed = random.NextInt(int.MaxValue),
            }, cancellation);
            var cut = answer.FinishReason == ChatFinishReason.Length;
            return (new()
            {
                Observation = "",
                Text = answer.Text,
                Truncated = cut,
                Usage = new(answer.Usage?.InputTokenCount ?? 0, answer.Usage?.OutputTokenCount ?? 0),
                // One that was cut behind a whole program lost nothing that counts.
                Broken = answer.FinishReason == ChatFinishReason.ContentFilter ? Breakage.ContentFilter : cut && CodeBlock.Find(answer.Text) is null ? Breakage.Length : null,
            }, null);
        }
        catch (BrokenOffException e)
        {
            return (new() { Observation = "", Text = "", Truncated = false, Broken = e.Kind }, e);
        }
    }
}
