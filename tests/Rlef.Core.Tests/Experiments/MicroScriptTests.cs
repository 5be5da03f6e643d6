using Rlef.Dialogue;
using Rlef.Execution;
using Rlef.Experiments;
using Rlef.Learning;
using Rlef.Problems;
using Rlef.Problems.Micro;

namespace Rlef.Core.Tests.Experiments;

public sealed class MicroScriptTests(Sandboxes sandboxes)
{
    async Task<ImitationDialogues.Text[]> PlayAsync(double repair)
    {
        var stop = TestContext.Current.CancellationToken;
        var breaker = new MicroBreaker(sandboxes.Local);
        var tasks = new MicroGenerator(14).Draw(Split.Train, MicroGenerator.Families).Take(30).ToList();
        var authors = await Task.WhenAll(tasks.Select((t, i) => MicroScript.PlanAsync(t, breaker, new(repair, Twice: 0.5), 3, i, stop)));
        return await ImitationDialogues.PlayAsync(authors, sandboxes.Judge(), DialogueWording.Nano, 3, cancellation: stop);
    }

    [Fact]
    public async Task Without_repair_every_dialogue_is_one_right_program() =>
        Assert.All(await PlayAsync(0), text => Assert.True(Assert.Single(text.Turns).IsLearned));

    [Fact]
    public async Task Repair_shows_broken_programs_and_teaches_the_right_one_alone()
    {
        var texts = await PlayAsync(1);
        Assert.True(texts.Count(t => t.Turns.Count > 1) > 15);
        Assert.Contains(texts, t => t.Turns.Count == 3);
        Assert.All(texts, text =>
        {
            Assert.True(text.Turns[^1].IsLearned);
            Assert.All(text.Turns.SkipLast(1), turn => Assert.False(turn.IsLearned));
            Assert.All(text.Turns.Skip(1), turn => Assert.StartsWith(DialogueWording.Nano.FailedHeader, turn.User));
        });
    }
}
