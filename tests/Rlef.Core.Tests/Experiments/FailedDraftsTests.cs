using Rlef.Dialogue;
using Rlef.Execution;
using Rlef.Experiments;
using Rlef.Problems;

namespace Rlef.Core.Tests.Experiments;

public sealed class FailedDraftsTests
{
    static readonly Problem[] Problems = [.. from id in (string[])["a", "b", "c"] select new Problem { Id = id, Statement = "", PublicTests = [], PrivateTests = [] }];

    static Episode Played(Problem problem, VerdictKind? outcome, string program, string given = "") => new(problem, 0,
        [.. given.Length > 0 ? (Turn[])[Answer(VerdictKind.WrongAnswer, given) with { Given = true }] : [], Answer(outcome, program)], null);

    static Turn Answer(VerdictKind? outcome, string program) => new()
    {
        Observation = "", Text = program, Truncated = false, Code = outcome is null ? null : CodeBlock.Find($"```python\n{program}\n```"),
        Public = outcome is { } kind ? new Judgement([new(kind, new("", ""), "", null, TimeSpan.Zero)], 1) : null,
    };

    [Fact]
    public void First_programs_that_failed_are_drafts_the_most_frequent_first()
    {
        var drafts = FailedDrafts.Of(Problems,
        [
            Played(Problems[0], VerdictKind.WrongAnswer, "1"), Played(Problems[0], VerdictKind.RuntimeError, "2"), Played(Problems[0], VerdictKind.RuntimeError, "2"),
            Played(Problems[0], VerdictKind.WrongAnswer, "3"), Played(Problems[1], VerdictKind.Accepted, "4"), Played(Problems[1], null, "5"),
            Played(Problems[1], VerdictKind.InfrastructureError, "6"), Played(Problems[2], VerdictKind.CompileError, "7", given: "8"),
        ], each: 2);
        Assert.Equal([("a~1", "2"), ("a~2", "1"), ("c~1", "7")], drafts.Select(d => (d.Id, d.Draft!.Trim())));
        Assert.Single(drafts.Where(d => d.Id[0] == 'a').Select(d => d.Cluster).Distinct());
    }

    [Fact]
    public void A_file_that_is_not_there_is_named() =>
        Assert.Contains("nowhere.json.dialogues.jsonl: there is no such file", Assert.Throws<FileNotFoundException>(() => FailedDrafts.Of(Problems, DialogueFile.Beside("nowhere.json"), each: 1)).Message, StringComparison.Ordinal);

    [Fact]
    public void Where_nothing_failed_there_are_none() => Assert.Empty(FailedDrafts.Of(Problems, [Played(Problems[0], VerdictKind.Accepted, "1")], each: 1));
}
