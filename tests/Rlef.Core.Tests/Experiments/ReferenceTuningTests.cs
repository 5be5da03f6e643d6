using Rlef.Dialogue;
using Rlef.Execution;
using Rlef.Experiments;
using Rlef.Policy;
using Rlef.Problems;

namespace Rlef.Core.Tests.Experiments;

[Collection(nameof(Alone))]
public sealed class ReferenceTuningTests(Sandboxes sandboxes)
{
    static Problem Doubling(int i, string? draft = null) => new()
    {
        Id = $"double-{i}",
        Statement = $"Read a number. Print it doubled, plus {i}.",
        PublicTests = [new("3\n", $"{6 + i}\n")],
        PrivateTests = [new("5\n", $"{10 + i}\n")],
        Reference = $"print(2 * int(input()) + {i})",
        Draft = draft,
    };

    static PolicyCheckpoint Base() => PolicyCheckpoint.Load(Home.File("data", "nano", "base"));

    [Fact]
    public async Task References_become_likely_and_what_is_too_long_is_counted()
    {
        using var policy = Base();
        List<double> losses = [];
        var all = new ProblemSet("doubling", [.. Enumerable.Range(0, 6).Select(i => Doubling(i)), Doubling(6) with { Statement = string.Join(' ', Enumerable.Repeat("Read", 400)) }, Doubling(7) with { Reference = null }, Doubling(8, "print(2 * int(input()) + 8)")]);
        var outcome = await new ReferenceTuning(Epochs: 20, LearningRate: 1e-3, MaxDialogueTokens: 256).RunAsync(policy, all, sandboxes.Judge(), DialogueWording.Nano, (step, steps, loss) =>
        {
            losses.Add(loss);
            Assert.Equal(20, steps);
        }, TestContext.Current.CancellationToken);
        Assert.Equal((6, 1, 1, 20), (outcome.Learned, outcome.TooLong, outcome.Right, losses.Count));
        Assert.True(losses[^1] < 0.3 * losses[0], string.Join(", ", losses));
    }

    // The draft is seen and its feedback comes from running it; only the reference is imitated.
    [Fact]
    public async Task A_draft_is_handed_in_first()
    {
        var author = new Rlef.Learning.ReferenceAuthor(Doubling(1, "print(int(input()))"));
        var text = Assert.Single(await Rlef.Learning.ImitationDialogues.PlayAsync([author], sandboxes.Judge(), DialogueWording.Nano, 1, turnLimit: 2, cancellation: TestContext.Current.CancellationToken));
        Assert.Equal([false, true], text.Turns.Select(t => t.IsLearned));
        Assert.Contains("print(int(input()))", text.Turns[0].Assistant);
        Assert.Contains("Expected output '7", text.Turns[1].User);
        Assert.Contains("print(2 * int(input()) + 1)", text.Turns[1].Assistant);
    }

    [Fact]
    public async Task A_rate_at_which_learning_diverges_is_named_with_the_step()
    {
        using var policy = Base();
        var few = new ProblemSet("doubling", [Doubling(0)]);
        var error = await Assert.ThrowsAsync<NotFiniteNumberException>(() => new ReferenceTuning(Epochs: 8, LearningRate: 1e36).RunAsync(policy, few, sandboxes.Judge(), DialogueWording.Nano));
        Assert.Matches(@"^Step [2-8]: the loss is .*lower learning rate than 1e\+36\.$", error.Message);
    }

    [Fact]
    public async Task Without_references_there_is_nothing_to_learn()
    {
        using var policy = Base();
        var none = new ProblemSet("none", [Doubling(0) with { Reference = null }]);
        var right = new ProblemSet("right", [Doubling(1, "print(2 * int(input()) + 1)")]);
        Assert.Contains("nothing to repair", (await Assert.ThrowsAsync<ArgumentException>(() => new ReferenceTuning().RunAsync(policy, right, sandboxes.Judge(), DialogueWording.Nano))).Message);
        Assert.Contains("'none'", (await Assert.ThrowsAsync<ArgumentException>(() => new ReferenceTuning().RunAsync(policy, none, sandboxes.Judge(), DialogueWording.Nano))).Message);
    }
}
