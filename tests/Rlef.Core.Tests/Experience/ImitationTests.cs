using System.Collections.Immutable;
using Rlef.Dialogue;
using Rlef.Execution;
using Rlef.Experience;
using Rlef.Experiments;
using Rlef.Learning;
using Rlef.Policy;
using Rlef.Problems;
using Rlef.Rewards;

namespace Rlef.Core.Tests.Experience;

[Collection(nameof(Alone))]
public sealed class ImitationTests
{
    sealed class Refuses : IJudge
    {
        public Task<Judgement> JudgeAsync(string program, Problem problem, ImmutableArray<TestCase> tests, bool stopAtFirstFailure = false, CancellationToken cancellation = default) =>
            Task.FromResult(new Judgement([.. tests.Select(t => new Verdict(VerdictKind.WrongAnswer, t, "", null, TimeSpan.Zero))], tests.Length));
    }

    [Fact]
    public void A_reference_is_the_response_to_the_first_message()
    {
        using var policy = PolicyCheckpoint.Load(Home.File("data", "nano", "base"));
        var format = new ChatFormat(policy.Files);
        var problem = Laboratory.Nano("train").First();
        var sequence = Imitation.Of(problem, DialogueWording.Nano, format);
        var response = sequence.Positions.Select(p => sequence.Ids[p + 1]).ToArray();
        Assert.Equal(format.EndToken, response[^1]);
        Assert.Equal(problem.Reference, CodeBlock.Find(format.Tokenizer.Decode(response[..^1]))!.Program);
        Assert.Equal(format.FirstPrompt(problem.Statement), sequence.Ids[..(sequence.Positions[0] + 1)]);
        Assert.Throws<ArgumentException>(() => Imitation.Of(problem with { Reference = null }, DialogueWording.Nano, format));
    }

    [Fact]
    public async Task Where_no_program_is_right_references_alone_are_learned()
    {
        using var policy = PolicyCheckpoint.Load(Home.File("data", "nano", "base"));
        var format = new ChatFormat(policy.Files);
        var problems = new ProblemSet("few", Laboratory.Nano("train").Take(4));
        var before = problems.Select(Likelihood).Average();
        var config = TrainingConfig.Nano with { Updates = 4, ProblemsPerUpdate = 2, MaxResponseTokens = 16, TurnLimit = 1, References = 4, WarmupSteps = 0, Minibatches = 1 };
        var folder = Directory.CreateTempSubdirectory("rlef-run-").FullName;
        using (var trainer = new RlefTrainer(policy.Model, new(problems, new Refuses(), format, DialogueWording.Nano, new NoFeedback(DialogueWording.Nano), new RlefReward()), config))
            await trainer.TrainAsync(new RunDirectory(folder), cancellation: TestContext.Current.CancellationToken);
        Directory.Delete(folder, true);
        Assert.True(problems.Select(Likelihood).Average() > before + 0.01);

        double Likelihood(Problem problem)
        {
            var sequence = Imitation.Of(problem, DialogueWording.Nano, format);
            var logProbs = SequenceScorer.LogProbs(policy.Model, sequence.Ids);
            return sequence.Positions.Average(p => logProbs[p]);
        }
    }
}
