using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Rlef.Dialogue;
using Rlef.Execution;
using Rlef.Experiments;
using Rlef.Learning;
using Rlef.Policy;
using Rlef.Problems;
using Rlef.Rewards;
using static Rlef.Core.Tests.Sequences;
using static TorchSharp.torch;

namespace Rlef.Core.Tests.Learning;

/// <summary>The estimator, the reward and the feedback of docs/arms.md, which the library does not know.</summary>
[Collection(nameof(Alone))]
public sealed partial class OwnEstimatorTests
{
    [GeneratedRegex("```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Code { get; }

    [Fact]
    public void The_document_shows_what_is_tested_here() => Assert.Equal(
        ((string[])["MedianAdvantage.cs", "AllOrNothing.cs", "TerseFeedback.cs"]).Select(name => File.ReadAllText(Home.File("tests", "Rlef.Core.Tests", "Learning", name))),
        Code.Matches(File.ReadAllText(Home.File("docs", "arms.md"))).Select(m => m.Groups[1].Value));

    [Fact]
    public void The_lucky_one_alone_is_better_than_the_median()
    {
        var batch = new MedianAdvantage().Estimated([Paid("p", -1), Paid("p", 1), Paid("p", -1), Paid("q", 3), Paid("q", 5)]);
        Near([0, 2, 0, -1, 1], batch.Select(s => s.Advantages[0]));
    }

    [Fact]
    public Task An_estimator_of_one_s_own_trains() => TrainsAsync(new TokenSumReward());

    [Fact]
    public Task So_does_a_reward() => TrainsAsync(new AllOrNothing());

    [Fact]
    public Task So_does_feedback() => TrainsAsync(new TokenSumReward(), new TerseFeedback(), turns: 2);

    static async Task TrainsAsync(IReward reward, IFeedbackSource? feedback = null, int turns = 1)
    {
        var folder = Directory.CreateTempSubdirectory("rlef-run-").FullName;
        using var policy = PolicyCheckpoint.Load(Home.File("data", "nano", "base"));
        var config = TrainingConfig.Nano with
        {
            Updates = 2,
            ProblemsPerUpdate = 2,
            SamplesPerProblem = 3,
            Minibatches = 1,
            MaxResponseTokens = 96,
            MaxDialogueTokens = 512,
            WarmupSteps = 0,
            TurnLimit = turns,
            Advantage = new MedianAdvantage(),
        };
        var problems = new ProblemSet("train", Laboratory.Nano("train").Take(4));
        var setup = new TrainingSetup(problems, new ByLength(), new ChatFormat(policy.Files), DialogueWording.Nano, feedback ?? new RealFeedback(DialogueWording.Nano), reward);
        using var trainer = new RlefTrainer(policy.Model, setup, config);
        var before = policy.Model.Parameters["model.embed_tokens.weight"].clone();
        var run = new RunDirectory(folder);
        await trainer.TrainAsync(run, cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(2, run.ReadMetrics().Count);
        Assert.All(run.ReadMetrics(), m => Assert.NotEqual(0, m["policy_loss"]));
        Assert.True((policy.Model.Parameters["model.embed_tokens.weight"] - before).abs().max().item<float>() > 0);
        Assert.Contains("\"advantage\": \"MedianAdvantage\"", File.ReadAllText(run.File("config.json")));
        if (feedback is TerseFeedback)
            Assert.Contains("Wrong. Try again.", File.ReadAllText(run.EpisodesPath));
        Directory.Delete(folder, true);
    }

    // Passes about every other program.
    sealed class ByLength : IJudge
    {
        public Task<Judgement> JudgeAsync(string program, Problem problem, ImmutableArray<TestCase> tests, bool stopAtFirstFailure = false, CancellationToken cancellation = default) =>
            Task.FromResult(new Judgement([.. tests.Select(t => new Verdict(program.Length % 2 == 0 ? VerdictKind.Accepted : VerdictKind.WrongAnswer, t, "", null, TimeSpan.Zero))], tests.Length));
    }
}
