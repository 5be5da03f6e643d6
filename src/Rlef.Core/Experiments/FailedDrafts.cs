using Rlef.Dialogue;
using Rlef.Execution;
using Rlef.Learning;
using Rlef.Problems;

namespace Rlef.Experiments;

/// <summary>
/// Problems of repair out of a policy's own mistakes: a first program of its that failed the public tests is the draft, so that a dialogue begins with what
/// that policy would have written and with what the tests said of it. A policy that was never shown a second try repeats its first one.
/// </summary>
public static class FailedDrafts
{
    /// <param name="dialogues">File of those that an evaluation kept (<see cref="DialogueFile.Beside"/>).</param>
    /// <param name="each">Most drafts of one problem; those that came most often go first.</param>
    /// <returns>The problems that have a draft, once for each, as <c>ID~1</c>, <c>ID~2</c> and so on.</returns>
    /// <exception cref="InvalidDataException">The file is damaged, or no dialogue of these problems began with a program that failed.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static IReadOnlyList<Problem> Of(IEnumerable<Problem> problems, string dialogues, int each)
    {
        DialogueFile.Require(dialogues);
        return Of(problems, DialogueFile.Read(dialogues).Where(d => Failed(d.Outcome.Turns.FirstOrDefault()))
            .Select(d => (d.Outcome.Problem, CodeBlock.Find(First(d).Text)?.Program)), each) is { Count: > 0 } drafts
            ? drafts : throw new InvalidDataException($"{dialogues}: no dialogue of these problems began with a program that failed its public tests. Evaluate the policy on these problems.");
    }

    /// <param name="episodes">Of an evaluation.</param>
    /// <returns>As of a file; empty where no program failed.</returns>
    /// <inheritdoc cref="Of(IEnumerable{Problem}, string, int)" path="/param"/>
    public static IReadOnlyList<Problem> Of(IEnumerable<Problem> problems, IEnumerable<Episode> episodes, int each) =>
        Of(problems, episodes.Where(e => e.Counts && Failed(e.Own.First().Public?.Kind)).Select(e => (e.Problem.Id, e.Own.First().Code?.Program)), each);

    static bool Failed(VerdictKind? first) => first is not (null or VerdictKind.Accepted or VerdictKind.InfrastructureError);

    static IReadOnlyList<Problem> Of(IEnumerable<Problem> problems, IEnumerable<(string Problem, string? Program)> failed, int each)
    {
        // An answer without code has no program to begin with.
        var programs = failed.Where(d => d.Program is not null).ToLookup(d => d.Problem, d => d.Program!);
        // Drafts for one problem are one task more than once, and count as one where intervals are made.
        return [.. problems.SelectMany(p => programs[p.Id].GroupBy(program => program).OrderByDescending(g => g.Count()).Take(each)
            .Select((g, i) => p with { Id = $"{p.Id}~{i + 1}", Draft = g.Key, Labels = p.Labels.SetItem("core", p.Cluster) }))];
    }

    // After those that the dialogue was given.
    static Transcript.Message First(PlayedDialogue dialogue) => dialogue.Transcript.Messages.Where(m => m.Role == "assistant").TakeLast(dialogue.Outcome.Turns.Length).First();
}
