using Rlef.Dialogue;
using Rlef.Problems;

namespace Rlef.Experiments;

/// <summary>Examples for few-shot prompting: dialogues of an evaluation that were repaired.</summary>
public static class SolvedExamples
{
    /// <param name="dialogues">File of those that an evaluation kept (<see cref="DialogueFile.Beside"/>).</param>
    /// <param name="count">How many: the first of those that end solved after a first program that failed, each about another problem.</param>
    /// <param name="played">What they are to stand before; dialogues about these problems are passed over, since they would give them away.</param>
    /// <exception cref="InvalidDataException">The file is damaged, or holds too few.</exception>
    public static Examples Of(string dialogues, int count, ProblemSet played)
    {
        var own = played.Select(p => p.Statement.Trim()).Distinct().ToList();
        var repaired = DialogueFile.Read(dialogues).Where(d => d.Outcome.Turns.Length > 1 && d.Outcome.Turns[0] is not null && d.Outcome.SolvedWithin(int.MaxValue)
            && !own.Exists(d.Transcript.Messages[0].Text.Contains))
            .DistinctBy(d => d.Outcome.Problem).Take(count).ToList();
        return repaired.Count == count
            ? new([.. repaired.SelectMany(d => d.Transcript.Messages.Chunk(2)).Select(pair => new Examples.Exchange(pair[0].Text, pair[1].Text))])
            : throw new InvalidDataException($"{dialogues} holds {repaired.Count} dialogues that end solved after a program that failed, " +
                $"about other problems than those that are played, and not {count}. " +
                "Evaluate a policy on other problems, such as its training problems.");
    }
}
