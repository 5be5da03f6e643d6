using System.Collections.Immutable;
using Rlef.Dialogue;
using Rlef.Evaluation;
using Rlef.Execution;
using Rlef.Policy;
using Rlef.Problems;

namespace Rlef.Endpoints.Tests;

/// <summary>Problems, and a judge that needs no sandbox.</summary>
static class Dialogues
{
    public const string Right = "```python\nright\n```", Wrong = "```python\nwrong\n```";

    public static ProblemSet Set(int count = 1) => new("set", Enumerable.Range(0, count)
        .Select(i => new Problem { Id = $"p{i}", Statement = $"statement {i}", PublicTests = [new("1", "1")], PrivateTests = [new("2", "2")] }));

    public static RolloutOptions Options(int turns = 3, int maxTokens = 77) =>
        new(DialogueWording.Nano, new RealFeedback(DialogueWording.Nano), new Sampling(0.25, 0.5, maxTokens), turns);

    /// <summary>Accepts programs that say they are right, and keeps what it was shown.</summary>
    public sealed class Reader : IJudge
    {
        public List<string> Programs { get; } = [];

        public Task<Judgement> JudgeAsync(string program, Problem problem, ImmutableArray<TestCase> tests, bool stopAtFirstFailure = false, CancellationToken cancellation = default)
        {
            lock (Programs)
                Programs.Add(program);
            var kind = program.Contains("right", StringComparison.Ordinal) ? VerdictKind.Accepted : VerdictKind.WrongAnswer;
            return Task.FromResult(new Judgement([.. tests.Select(t => new Verdict(kind, t, "7", null, TimeSpan.Zero))], tests.Length));
        }
    }

    public static async Task<ImmutableArray<Episode>> PlayAsync(Endpoint endpoint, IJudge judge, ProblemSet? set = null, RolloutOptions? options = null, int samples = 1)
    {
        using var client = await EndpointClient.ConnectAsync(endpoint, TestContext.Current.CancellationToken);
        return await new ServedPolicy(client, judge, endpoint.Concurrency).CollectAsync([.. Evaluator.Requests(set ?? Set(), samples)], 1, options ?? Options(),
            cancellation: TestContext.Current.CancellationToken);
    }

    public static async Task<Episode> PlayOneAsync(Endpoint endpoint, IJudge? judge = null) => Assert.Single(await PlayAsync(endpoint, judge ?? new Reader()));
}
