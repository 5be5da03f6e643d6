using Rlef.Dialogue;
using Rlef.Execution;
using Rlef.Policy;

namespace Rlef.Rewards;

/// <summary>
/// RLTF section 3.3 (arXiv 2307.04349), for the program of the only turn that the policy played.
/// Coarse: 1, −0.3, −0.6 or −1 by outcome. Adaptive: −0.3 + 1.3 · share of tests passed. Both are paid to the whole response.
/// Fine: α · R_fine on each token at fault (<see cref="Fault"/>), where R_fine = −0.3 and α = T / (E − S), the response's tokens by those at fault, so
/// that a short line weighs as much as a long one.
/// </summary>
/// <remarks>
/// <para>The paper's responses are programs and nothing else. Here T counts all tokens that the policy said, and fine feedback is paid on the program's only.</para>
/// <para>A response that was cut within its block of code was not run. It is a syntax error by its outcome, and all that there is of the block is at fault,
/// whatever Python would call the error. A response without any program pays the coarse −1 and has no fault.</para>
/// <para>A program that fails to compile, or to run to its end on some test, has no share of passed tests: the paper's formula knows passes and failures
/// only, and its code pays no share either.</para>
/// <para>What the coarse and adaptive rewards are compared with (the paper: the best earlier program for the problem) is the advantage's affair.</para>
/// <para>The paper's levels are those of one response; how they would add up over a dialogue, it does not say, and the programs before the last are not
/// judged on every test. Dialogues in which the policy played several turns are refused.</para>
/// </remarks>
public sealed class RltfReward : IReward
{
    const double WrongAnswer = -0.3;

    readonly RltfTerms terms;
    readonly PolicyTokenizer tokenizer;

    /// <param name="tokenizer">The policy's.</param>
    /// <exception cref="ArgumentException">The terms pay nothing, or a penalty that is none.</exception>
    public RltfReward(RltfTerms terms, PolicyTokenizer tokenizer) => (this.terms, this.tokenizer) = (terms.Checked(), tokenizer);

    /// <inheritdoc cref="RltfReward(RltfTerms, PolicyTokenizer)"/>
    public RltfReward(RltfFeedback feedback, PolicyTokenizer tokenizer) : this(new RltfTerms { Feedback = feedback }, tokenizer)
    {
    }

    public string Name => terms.Name;
    public bool NeedsEveryTest => true;
    public bool WeighsTokens => Paid(RltfFeedback.Fine);

    public void CheckTurns(int turnLimit) => CheckTurns(Name, turnLimit);

    internal static void CheckTurns(string name, int turnLimit)
    {
        if (turnLimit > 1)
            throw new ArgumentException($"The reward {name} pays one program for each dialogue, and the turn limit is {turnLimit}: set turn_limit to 1 (--turns 1).");
    }

    public static double Coarse(Outcome outcome) => outcome switch
    {
        Outcome.Pass => 1,
        Outcome.Failure => WrongAnswer,
        Outcome.Error => -0.6,
        _ => -1,
    };

    /// <param name="passRatio">Share of tests passed; counts for failures only, of which every test ran.</param>
    public static double Adaptive(Outcome outcome, double passRatio) => outcome switch
    {
        Outcome.Pass => 1,
        Outcome.Failure => WrongAnswer + (1 - WrongAnswer) * passRatio,
        _ => WrongAnswer,
    };

    /// <exception cref="ArgumentException">The policy played several turns, or its program was not run on every test.</exception>
    public EpisodeReward Score(Episode episode)
    {
        var turn = episode.Own.Count() == 1 && !episode.Last.Given
            ? episode.Last
            : throw new ArgumentException($"RLTF pays one program for each dialogue, and in that about '{episode.Problem.Id}' the policy had {episode.Own.Count()} turns: "
                + "train with a turn limit of 1.", nameof(episode));
        var outcome = Outcomes.Of(episode);
        // An error settles the matter, and may have ended the run; passes and failures have to be counted on all tests.
        if (outcome is Outcome.Pass or Outcome.Failure && Outcomes.Verdicts(episode).Count() < episode.Problem.PublicTests.Length + episode.Problem.PrivateTests.Length)
            throw new ArgumentException($"RLTF pays by the verdicts of all tests, and the program for '{episode.Problem.Id}' was not run on each of them.", nameof(episode));
        var turns = new double[episode.Turns.Length];
        turns[^1] = (Paid(RltfFeedback.Coarse) ? Coarse(outcome) : 0) + (Paid(RltfFeedback.Adaptive) ? Adaptive(outcome, Outcomes.PassRatio(episode)) : 0);
        return new(turns, Paid(RltfFeedback.Fine) ? Fine(turn, Outcomes.Verdicts(episode)) : []);
    }

    bool Paid(RltfFeedback feedback) => terms.Feedback.HasFlag(feedback);

    double[] Fine(Turn turn, IEnumerable<Verdict> verdicts)
    {
        var (program, fault) = turn.Code is { } whole ? (whole, FirstFault(verdicts))
            : turn.Truncated && CodeBlock.FindCut(turn.Text) is { } part ? (part, Fault.Whole)
            : (null, Fault.None);
        var tokens = new double[turn.Response.Length];
        if (program is null || fault.Characters(turn.Text, program).ToArray() is not { Length: > 0 } blamed)
            return tokens;
        var own = tokenizer.Spans(turn.Response);
        var atFault = Overlapping(Array.ConvertAll(own, s => (s.Start + turn.Prefix.Length, s.End + turn.Prefix.Length)), blamed);
        var alpha = terms.FineAlpha ? (double)tokens.Length / Math.Max(1, atFault.Count(x => x)) : 1;
        return Array.ConvertAll(atFault, x => x ? alpha * terms.FinePenalty : 0);
    }

    // As in the paper's harness, the first test that a program does not run to its end names the error.
    static Fault FirstFault(IEnumerable<Verdict> verdicts) =>
        verdicts.FirstOrDefault(v => v.Kind > VerdictKind.WrongAnswer) is { } failed ? Fault.Of(failed.Kind, failed.Error) : Fault.None;

    /// <summary>[N] whether each token shares a character with one of the spans.</summary>
    internal static bool[] Overlapping((int Start, int End)[] tokens, (int Start, int End)[] spans) =>
        Array.ConvertAll(tokens, token => Array.Exists(spans, span => Math.Max(token.Start, span.Start) < Math.Min(token.End, span.End)));
}
