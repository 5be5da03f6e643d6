using Rlef.Dialogue;
using Rlef.Execution;

namespace Rlef.Evaluation;

/// <summary>What a policy does in one turn of its dialogues (RLEF, figure 3).</summary>
/// <param name="Turn">From 1; responses that a dialogue was given do not count.</param>
/// <param name="Programs">Responses of that turn; dialogues that ended earlier have none.</param>
/// <param name="Verdicts">Share of them by what the public tests said, or <see cref="NoCode"/>.</param>
/// <param name="Repaired">Share that pass the public tests of those that follow a response with each verdict; empty in a first turn that follows none.</param>
/// <param name="Edit">1 − <see cref="ChrF"/> to the program before, on average: 0 hands in the same again. Null where none follows another.</param>
public sealed record TurnBehaviour(int Turn, int Programs, IReadOnlyDictionary<string, double> Verdicts, IReadOnlyDictionary<string, double> Repaired, double? Edit)
{
    /// <summary>Name of the verdict on a response without code.</summary>
    public const string NoCode = "NoCode";

    public static IReadOnlyList<TurnBehaviour> Of(IEnumerable<Episode> episodes)
    {
        var steps = episodes.Where(e => !e.Masked).SelectMany(e => e.Turns.Select((turn, i) => (Turn: turn, Before: i > 0 ? e.Turns[i - 1] : null))
            .Where(s => !s.Turn.Given).Select((s, own) => (Own: own, Step: s))).ToLookup(s => s.Own, s => s.Step);
        return [.. steps.OrderBy(s => s.Key).Select(s => Of(s.Key, [.. s]))];
    }

    static TurnBehaviour Of(int turn, IReadOnlyList<(Turn Now, Turn? Before)> steps)
    {
        var followers = steps.Where(s => s.Before is not null).Select(s => (s.Now, Before: s.Before!)).ToList();
        var edits = followers.Where(f => f is { Before.Code: not null, Now.Code: not null }).Select(f => 1 - ChrF.Of(f.Now.Code!.Program, f.Before.Code!.Program)).ToList();
        return new(turn + 1, steps.Count,
            steps.GroupBy(s => Verdict(s.Now)).ToDictionary(g => g.Key, g => g.Count() / (double)steps.Count),
            followers.GroupBy(f => Verdict(f.Before)).ToDictionary(g => g.Key, g => g.Average(f => f.Now.Public is { Accepted: true } ? 1.0 : 0)),
            edits.Count == 0 ? null : edits.Average());
    }

    static string Verdict(Turn turn) => turn.Public?.Kind.ToString() ?? NoCode;
}
