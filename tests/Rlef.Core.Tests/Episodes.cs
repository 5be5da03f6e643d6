using System.Collections.Immutable;
using Rlef.Critics;
using Rlef.Dialogue;
using Rlef.Execution;
using Rlef.Experience;
using Rlef.Problems;
using Rlef.Rewards;

namespace Rlef.Core.Tests;

/// <summary>Episodes made by hand.</summary>
static class Episodes
{
    public static readonly Problem Problem = new() { Id = "p", Statement = "s", PublicTests = [new("1", "1")], PrivateTests = [new("2", "2"), new("3", "3")] };

    public static Judgement Judged(params VerdictKind[] kinds) =>
        new([.. kinds.Select(k => new Verdict(k, Problem.PublicTests[0], "", null, TimeSpan.Zero))], kinds.Length);

    public static Turn Turn(Judgement? seen, string text = "```python\nx\n```", int tokens = 2) => new()
    {
        Observation = "o",
        Prompt = [1, 2, 3],
        Response = [.. Enumerable.Range(10, tokens)],
        LogProbs = new float[tokens],
        Text = text,
        Truncated = false,
        Code = CodeBlock.Find(text),
        Public = seen,
    };

    /// <summary>As the learner sees it, with a value before each turn and no rewards.</summary>
    public static TrainingSequence Sequence(Episode episode)
    {
        var sequence = TrainingSequence.Of(episode, new EpisodeReward(new double[episode.Turns.Length]));
        sequence.ReadValuesAt(ValueSites.Turn);
        return sequence;
    }

    public static Episode Of(Judgement? hidden, params Turn[] turns) => new(Problem, 0, [.. turns], hidden);
}
