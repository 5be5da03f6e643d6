using Rlef.Dialogue;
using Rlef.Execution;
using Rlef.Policy;
using Rlef.Problems;
using Rlef.Randomness;

namespace Rlef.Core.Tests.Dialogue;

public sealed class FeedbackSourceTests(Sandboxes sandboxes)
{
    static readonly Problem Double = Of("double", "2\n", "4\n"), Square = Of("square", "3\n", "9\n"), Alone = Of("alone", "5\n", "6\n");
    static readonly (Problem, string)[] Programs = [(Double, "print(1)"), (Double, "print(2)"), (Double, "print(4)"), (Square, "print(3)"), (Alone, "print(8)")];

    static Problem Of(string id, string input, string output) => new() { Id = id, Statement = id, PublicTests = [new(input, output)], PrivateTests = [] };

    async Task<string[]> Said(IFeedbackSource source, Problem problem, string program)
    {
        var judgement = await sandboxes.Judge().JudgeAsync(program, problem, problem.PublicTests, cancellation: TestContext.Current.CancellationToken);
        return [.. Enumerable.Range(0, 50).Select(i => source.Feedback(problem, judgement, RandomStream.For(1, i))).Distinct().Order(StringComparer.Ordinal)];
    }

    [Fact]
    public async Task Random_feedback_is_of_other_problems() =>
        Assert.All(await Said(await RandomFeedback.BuildAsync(DialogueWording.Nano, sandboxes.Judge(), Programs), Double, "print(1)"),
            message => Assert.DoesNotContain("Expected output '4'", message, StringComparison.Ordinal));

    [Fact]
    public async Task Nor_of_variations_of_the_same_task()
    {
        static Problem In(Problem problem, string core) => problem with { Labels = problem.Labels.Add("core", core) };
        (Problem, string)[] programs = [(In(Square, "arithmetic"), "print(3)"), (In(Alone, "other"), "print(8)")];
        var source = await RandomFeedback.BuildAsync(DialogueWording.Nano, sandboxes.Judge(), programs, TestContext.Current.CancellationToken);
        Assert.Contains("Expected output '6'", Assert.Single(await Said(source, In(Double, "arithmetic"), "print(1)")), StringComparison.Ordinal);
        await Assert.ThrowsAsync<ArgumentException>(() => RandomFeedback.BuildAsync(DialogueWording.Nano, sandboxes.Judge(), programs[..1], TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Shuffled_feedback_is_of_other_programs_for_the_same_problem()
    {
        var source = await ShuffledFeedback.BuildAsync(DialogueWording.Nano, sandboxes.Judge(), Programs);
        // The program that passes was replaced by one that raises.
        Assert.Equal(
        [
            "Your code failed the following tests:\n- input '2' failed: Expected output '4' but got '2'\nGive it another try.",
            "Your code failed the following tests:\n- input '2' failed: NotImplementedError:\nGive it another try.",
        ], await Said(source, Double, "print(1)"));
        Assert.Equal(["Give it another try."], await Said(source, Alone, "print(8)"));
    }

    [Fact]
    public async Task Truncated_feedback_tells_the_kind_alone()
    {
        var source = new TruncatedFeedback(DialogueWording.Nano);
        Assert.Equal(["Your code failed the following tests:\n- input ' … ' failed: Expected output ' … ' but got ' … '\nGive it another try."], await Said(source, Double, "print(1)"));
        Assert.Equal(["Your code failed the following tests:\n- input ' … ' failed:  … \nGive it another try."], await Said(source, Double, "1/0"));
    }

    [Fact]
    public async Task Leaked_feedback_tells_of_private_tests_and_ends_with_them()
    {
        var source = new LeakedFeedback(DialogueWording.Nano);
        var problem = Double with { PrivateTests = [new("3\n", "6\n"), new("4\n", "8\n"), new("5\n", "10\n"), new("6\n", "12\n")] };
        var options = new RolloutOptions(DialogueWording.Nano, source, Sampling.Nano, 3);
        var dialogue = new JudgedDialogue(new(problem, 0), 1, options, sandboxes.Judge());
        async Task<string?> AfterAsync(string program)
        {
            dialogue.Add(new Turn { Observation = "", Text = $"```python\n{program}\n```", Truncated = false }, TestContext.Current.CancellationToken);
            await dialogue.HearVerdictAsync();
            return dialogue.NextMessage(out _);
        }
        Assert.Equal("double", dialogue.NextMessage(out _));
        Assert.Equal("""
            Your code failed the following tests:
            - input '3' failed: Expected output '6' but got '4'
            - input '4' failed: Expected output '8' but got '4'
            - input '5' failed: Expected output '10' but got '4'
            Give it another try.
            """, await AfterAsync("print(4)"));
        Assert.Null(await AfterAsync("print(2 * int(input()))"));
        Assert.True((await dialogue.EndAsync(TestContext.Current.CancellationToken)).Solved);
    }
}
