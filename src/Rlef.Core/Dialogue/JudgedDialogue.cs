using Rlef.Execution;
using Rlef.Problems;
using Rlef.Randomness;

namespace Rlef.Dialogue;

/// <summary>
/// The environment's side of an episode (RLEF section 2.1): the public tests judge each answer, their outcome is the next message, until they all pass or the
/// turn limit is reached; then the private tests judge the last program. It knows words, not tokens, so that any policy can be on the other side.
/// </summary>
public sealed class JudgedDialogue(RolloutRequest request, ulong seed, RolloutOptions options, IJudge judge)
{
    // Ends the key of what is drawn for a message: from the answer's own numbers, message and answer would hang together.
    const int ForFeedback = 1;

    readonly Problem problem = options.Feedback.Seen(request.Problem);
    Task<Judgement>? judging;

    public RolloutRequest Request => request;
    public List<Turn> Turns { get; } = [];

    /// <summary>The response that the next turn's is given to be; null where the policy speaks.</summary>
    public string? Given => Turns.Count < request.Start.Responses.Length ? request.Start.Responses[Turns.Count] : null;

    /// <summary>The next message to the policy: the problem, or feedback. Null when the episode is over: solved, at its last turn, broken off, or without a verdict.</summary>
    /// <param name="random">The random numbers of the turn's answer; what a feedback source draws comes from others.</param>
    public string? NextMessage(out RandomStream random)
    {
        random = RandomStream.For(seed, [.. request.Key, Turns.Count]);
        if (Turns.Count == 0)
            return options.Wording.FirstMessage(problem.Statement);
        var last = Turns[^1];
        return last.Broken is not null || last.Public is { Accepted: true } or { Kind: VerdictKind.InfrastructureError } || Turns.Count == request.Start.Responses.Length + options.TurnLimit
            ? null : options.Feedback.Feedback(problem, last.Public, RandomStream.For(seed, [.. request.Key, Turns.Count, ForFeedback]));
    }

    /// <summary>Adds a turn, whose program is judged from now on; one that was broken off has none.</summary>
    public void Add(Turn turn, CancellationToken cancellation)
    {
        Turns.Add(turn.Broken is null ? turn with { Code = CodeBlock.Find(turn.Text) } : turn);
        judging = Turns[^1].Code is { } code ? judge.JudgeAsync(code.Program, problem, problem.PublicTests, cancellation: cancellation) : null;
    }

    /// <summary>Returns once the last turn has its verdict.</summary>
    public async Task HearVerdictAsync()
    {
        if (judging is not null)
            Turns[^1] = Turns[^1] with { Public = await judging };
    }

    /// <summary>Lets the private tests judge the last program, where the public ones allow it.</summary>
    public async Task<Episode> EndAsync(CancellationToken cancellation)
    {
        var last = Turns[^1];
        var wanted = last.Public is { Kind: not VerdictKind.InfrastructureError } && (last.Public.Accepted || options.JudgeFailedPrograms);
        var verdicts = wanted
            ? await judge.JudgeAsync(last.Code!.Program, problem, problem.PrivateTests, !options.JudgeFailedPrograms, cancellation)
            : null;
        return new Episode(problem, request.Sample, [.. Turns], verdicts);
    }
}
