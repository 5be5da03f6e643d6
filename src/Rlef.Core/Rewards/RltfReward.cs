using Rlef.Dialogue;
using Rlef.Execution;
using Rlef.Policy;

namespace Rlef.Rewards;

/// <summary>Which of RLTF's feedbacks are paid.</summary>
[Flags]
public enum RltfFeedback { Coarse = 1, Fine = 2, Adaptive = 4, All = Coarse | Fine | Adaptive }

/// <summary>
/// RLTF section 3.3 (arXiv 2307.04349), for the last program of an episode. Coarse: 1, −0.3, −0.6 or −1 by outcome. Adaptive: −0.3 + 1.3 · share of
/// tests passed. Fine: −0.3 on the tokens of the line at
/// fault, scaled by α = T / (E − S) so that a short line weighs as much as a long one.
/// </summary>
/// <remarks>
/// The paper pays coarse and adaptive relative to the best earlier program for the problem; here the learner subtracts the batch's mean, which
/// needs no memory between updates. The released code computes α from the length of the mask instead of its sum, which makes it 1; here it is
/// what the paper says.
/// </remarks>
public sealed class RltfReward(RltfFeedback feedback, PolicyTokenizer tokenizer) : IReward
{
    const double FinePenalty = -0.3;

    public string Name => feedback == RltfFeedback.All ? "rltf" : feedback.ToString().ToLowerInvariant().Replace(", ", "+");
    public bool NeedsEveryTest => true;

    public static double Coarse(Outcome outcome) => outcome switch
    {
        Outcome.Pass => 1,
        Outcome.Failure => -0.3,
        Outcome.Error => -0.6,
        _ => -1,
    };

    public static double Adaptive(double passRatio) => -0.3 + 1.3 * passRatio;

    public EpisodeReward Score(Episode episode)
    {
        var reward = 0.0;
        if (feedback.HasFlag(RltfFeedback.Coarse))
            reward += Coarse(Outcomes.Of(episode));
        if (feedback.HasFlag(RltfFeedback.Adaptive))
            reward += Adaptive(Outcomes.PassRatio(episode));
        var turns = new double[episode.Turns.Length];
        turns[^1] = reward;
        return new(turns, feedback.HasFlag(RltfFeedback.Fine) ? Fine(episode) : []);
    }

    double[] Fine(Episode episode)
    {
        var tokens = new double[episode.Turns.Sum(t => t.Response.Length)];
        var last = tokens.AsSpan(tokens.Length - episode.Last.Response.Length);
        var failed = Outcomes.Verdicts(episode).FirstOrDefault(v => v.Kind > VerdictKind.WrongAnswer);
        if (episode.Last.Code is not { } code || failed is null)
            return tokens;
        var blamed = FaultyCharacters(failed, code).ToList();
        if (blamed.Count == 0)
            return tokens;
        var spans = tokenizer.Spans(episode.Last.Response);
        var inside = Array.ConvertAll(spans, token => blamed.Any(b => token.Start < b.End && token.End > b.Start));
        var scale = (double)last.Length / Math.Max(1, inside.Count(x => x));
        for (var i = 0; i < last.Length; i++)
            last[i] = inside[i] ? FinePenalty * scale : 0;
        return tokens;
    }

    // The parts of the response that are to blame: the line named by the error, the whole program, or none (RLTF table 2).
    static IEnumerable<(int Start, int End)> FaultyCharacters(Verdict verdict, CodeBlock code)
    {
        if (verdict.Kind is VerdictKind.TimeLimit or VerdictKind.MemoryLimit or VerdictKind.OutputLimit || verdict.Error?.Type == "RecursionError")
            return code.Lines;
        if (verdict.Error is not { Line: { } line } error || error.Type is "IndentationError" or "TabError"
            || error.Message.Contains("triple-quoted", StringComparison.Ordinal))
            return [];
        return line < 1 || line > code.Lines.Length ? code.Lines : [code.Lines[line - 1]];
    }
}
