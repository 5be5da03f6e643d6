using System.Collections.Immutable;
using Rlef.Dialogue;
using Rlef.Execution;
using Rlef.Experiments;
using Rlef.Learning;
using Rlef.Policy;
using Rlef.Problems;
using Rlef.Rewards;

namespace Rlef.Core.Tests.Learning;

/// <summary>A failure of the sandbox is nobody's fault: it pays no reward and no punishment.</summary>
public sealed class SandboxFailureTests(Sandboxes sandboxes)
{
    [Fact]
    public async Task Episodes_that_the_sandbox_failed_on_are_masked_and_the_others_learned_from()
    {
        using var policy = PolicyCheckpoint.Load(Home.File("data", "nano", "base"));
        var config = TrainingConfig.Nano with { Updates = 1, ProblemsPerUpdate = 6, Minibatches = 1, MaxResponseTokens = 96 };
        var problems = new ProblemSet("train", Laboratory.Nano("train").Take(12));
        var failing = new FailingJudge(sandboxes.Judge(), problem => problems.IndexOf(problem.Id) % 2 == 0);
        List<Episode> heard = [];
        var setup = new TrainingSetup(problems, failing, new ChatFormat(policy.Files), DialogueWording.Nano, new RealFeedback(DialogueWording.Nano), new Listening(heard));
        var folder = Directory.CreateTempSubdirectory("rlef-run-").FullName;
        using var trainer = new RlefTrainer(policy.Model, setup, config);
        var run = new RunDirectory(folder);
        await trainer.TrainAsync(run);
        var metrics = run.ReadMetrics()[0];
        Assert.InRange(failing.Failures, 1, int.MaxValue);
        Assert.InRange(metrics["masked_episodes"], 1, failing.Failures);
        Assert.Equal(6 - metrics["masked_episodes"], heard.Count);
        Assert.All(heard, e => Assert.True(e.Counts));
        Assert.True(double.IsFinite(metrics["policy_loss"]));
        Directory.Delete(folder, true);
    }

    sealed class FailingJudge(IJudge inner, Predicate<Problem> fails) : IJudge
    {
        int failures;

        public int Failures => failures;

        public async Task<Judgement> JudgeAsync(string program, Problem problem, ImmutableArray<TestCase> tests, bool stopAtFirstFailure = false,
            CancellationToken cancellation = default)
        {
            if (!fails(problem))
                return await inner.JudgeAsync(program, problem, tests, stopAtFirstFailure, cancellation);
            Interlocked.Increment(ref failures);
            return new([new(VerdictKind.InfrastructureError, tests[0], "", null, TimeSpan.Zero)], tests.Length);
        }
    }
}
