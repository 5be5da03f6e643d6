using Rlef.Dialogue;
using Rlef.Evaluation;
using Rlef.Execution;
using Rlef.Experiments;
using Rlef.Policy;
using Rlef.Problems;
using Rlef.Randomness;

namespace Rlef.Endpoints.Tests;

/// <summary>A policy that is played by its weights, and one that is played behind a server, are the same policy.</summary>
public sealed class OwnPolicyTests
{
    [Fact]
    public async Task A_served_policy_says_what_it_says_in_process()
    {
        using var policy = PolicyCheckpoint.Load(Home.File("data", "nano", "base"));
        var format = new ChatFormat(policy.Files);
        var options = new RolloutOptions(DialogueWording.Nano, new RealFeedback(DialogueWording.Nano), Sampling.Nano with { Temperature = 0 });
        var set = new ProblemSet("few", Laboratory.Nano("test").Take(12));
        await using var sandbox = await LocalSandbox.StartAsync(new() { Workers = 2 });
        var judge = new EvaluationJudge(sandbox);
        using var evaluator = new Evaluator(policy.Model, format, judge);
        var own = await PlayedEvaluation.PlayAsync(evaluator, set, 1, options, 1);

        using var decoder = Decoders.Create(policy.Model, 1, Evaluator.MaxDialogueTokens);
        using var turn = new SemaphoreSlim(1);
        await using var server = await ChatServer.StartAsync(async (request, context) =>
        {
            await turn.WaitAsync();
            var (text, finish) = Answer(decoder, format, request.Messages, (int)request.Body["max_tokens"]!, options.Sampling);
            turn.Release();
            await ChatServer.SayAsync(context, text, finish);
        });
        using var client = await EndpointClient.ConnectAsync(server.Endpoint with { Concurrency = 4 });
        var served = await PlayedEvaluation.PlayAsync(new ServedPolicy(client, judge, 4), set, 1, options, 1);

        Assert.Equal(own.Dialogues.Select(Words), served.Dialogues.Select(Words));
        Assert.Equal(own.Dialogues.Select(d => string.Join(' ', d.Outcome.Turns)), served.Dialogues.Select(d => string.Join(' ', d.Outcome.Turns)));
        Assert.Contains(own.Dialogues, d => d.Outcome.Turns.Length > 1);
        Assert.Equal(Budget.Of(own.Result, 3, [3]), Budget.Of(served.Result, 3, [3]));

        static string Words(PlayedDialogue d) => string.Join("\n---\n", d.Transcript.Messages.Select(m => m.Text));
    }

    // Reads the whole dialogue again, as a server does that keeps nothing.
    static (string Text, string Finish) Answer(IDecoder decoder, ChatFormat format, string[] messages, int longest, Sampling sampling)
    {
        List<int> prompt = [.. format.FirstPrompt(messages[0])];
        for (var i = 1; i < messages.Length; i += 2)
            prompt.AddRange([.. format.Response(messages[i]), .. format.NextPrompt(messages[i + 1], format.EndToken)]);
        decoder.Reset(0);
        var response = new OpenResponse(0, prompt.ToArray(), RandomStream.For(0), sampling with { MaxTokens = longest }, format.Ends);
        while (!response.Ended)
            decoder.Speak([response]);
        return (format.Tokenizer.Decode([.. response.Truncated ? response.Tokens : response.Tokens.SkipLast(1)]), response.Truncated ? "length" : "stop");
    }
}
