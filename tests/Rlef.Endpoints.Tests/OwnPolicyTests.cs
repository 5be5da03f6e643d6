using Rlef.Dialogue;
using Rlef.Evaluation;
using Rlef.Execution;
using Rlef.Experiments;
using Rlef.Policy;
using Rlef.Problems;
using Rlef.Server;

namespace Rlef.Endpoints.Tests;

/// <summary>A policy that is played by its weights, and one that is played behind a server, are the same policy.</summary>
public sealed class OwnPolicyTests
{
    // At once.
    const int Dialogues = 4;

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

        using var decoder = Decoders.Create(policy.Model, Dialogues, Evaluator.MaxDialogueTokens);
        await using var server = await PolicyServer.StartAsync("nano", policy.Files, decoder, new() { Port = 0 }, TestContext.Current.CancellationToken);
        using var client = await EndpointClient.ConnectAsync(new(new Uri(server.Address, "v1"), "nano") { Concurrency = Dialogues });
        var served = await PlayedEvaluation.PlayAsync(new ServedPolicy(client, judge, Dialogues), set, 1, options, 1);

        Assert.Equal(own.Dialogues.Select(Words), served.Dialogues.Select(Words));
        Assert.Equal(own.Dialogues.Select(d => string.Join(' ', d.Outcome.Turns)), served.Dialogues.Select(d => string.Join(' ', d.Outcome.Turns)));
        Assert.Contains(own.Dialogues, d => d.Outcome.Turns.Length > 1);
        Assert.Equal(Budget.Of(own.Result, 3, [3]), Budget.Of(served.Result, 3, [3]));

        static string Words(PlayedDialogue d) => string.Join("\n---\n", d.Transcript.Messages.Select(m => m.Text));
    }
}
