using Rlef.Execution;
using Rlef.Policy;
using Rlef.Randomness;

namespace Rlef.Dialogue;

/// <summary>An episode being played on one row of the decoder: either it speaks, or it waits for the verdict on what it said.</summary>
sealed class OpenEpisode(int row, int index, RolloutRequest request, ulong seed, RolloutOptions options, ChatFormat format)
{
    string observation = "";
    int[] prompt = [];
    int length;
    Task<Judgement>? judging;

    public int Row => row;

    /// <summary>Place among the requests.</summary>
    public int Index => index;
    public RolloutRequest Request => request;
    public List<Turn> Turns { get; } = [];

    /// <summary>Whether the last response is complete and the next turn has not begun.</summary>
    public bool Waits { get; private set; }

    /// <summary>Step at which the last response was complete.</summary>
    public long Ended { get; private set; }

    /// <summary>What is being said, or was said last.</summary>
    public OpenResponse Response { get; private set; } = null!;

    /// <summary>Puts the problem to the policy.</summary>
    /// <exception cref="InvalidDataException">There is no room for the first turn.</exception>
    public void Begin(int maxLength)
    {
        observation = options.Wording.FirstMessage(request.Problem.Statement);
        prompt = format.FirstPrompt(observation);
        Respond(prompt, Random());
        var needed = prompt.Length + options.Sampling.MaxTokens;
        if (needed > maxLength)
            throw new InvalidDataException($"Problem '{request.Problem.Id}' needs {needed} tokens for its first turn, but a dialogue " +
                $"may have {maxLength}: shorten its statement, or allow longer dialogues or shorter responses.");
    }

    /// <summary>Begins the next turn, unless the episode is over: solved, at its last turn, without a verdict, or grown too long for another turn.</summary>
    public bool TryContinue(int maxLength)
    {
        var last = Turns[^1];
        if (last.Public is { Accepted: true } or { Kind: VerdictKind.InfrastructureError } || Turns.Count == options.TurnLimit)
            return false;
        var random = Random();
        observation = options.Feedback.Feedback(request.Problem, last.Public, random);
        prompt = format.NextPrompt(observation, last.Response[^1]);
        if (length + prompt.Length + options.Sampling.MaxTokens > maxLength)
            return false;
        // The last token of a response is never fed back while it is generated.
        Respond((int[])[last.Response[^1], .. prompt], random);
        Waits = false;
        return true;
    }

    RandomStream Random() => RandomStream.For(seed, [.. request.Key, Turns.Count]);

    void Respond(ReadOnlyMemory<int> unseen, RandomStream random) => Response = new(row, unseen, random, options.Sampling.MaxTokens, format.Ends);

    /// <summary>Makes a turn of the complete response, whose program is judged from now on.</summary>
    public void StartJudging(IJudge judge, long step, CancellationToken cancellation)
    {
        (Waits, Ended) = (true, step);
        int[] said = [.. Response.Tokens];
        var text = format.Tokenizer.Decode(Response.Truncated ? said : said[..^1]);
        length += prompt.Length + said.Length;
        Turns.Add(new Turn
        {
            Observation = observation,
            Prompt = prompt,
            Response = [.. said],
            LogProbs = [.. Response.LogProbs],
            Text = text,
            Truncated = Response.Truncated,
            Code = CodeBlock.Find(text),
        });
        judging = Turns[^1].Code is { } code
            ? judge.JudgeAsync(code.Program, request.Problem, request.Problem.PublicTests, cancellation: cancellation)
            : null;
    }

    public async Task HearVerdictAsync()
    {
        if (judging is not null)
            Turns[^1] = Turns[^1] with { Public = await judging };
    }
}
