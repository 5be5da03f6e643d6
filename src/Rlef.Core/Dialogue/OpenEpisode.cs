using Rlef.Execution;
using Rlef.Policy;
using Rlef.Randomness;

namespace Rlef.Dialogue;

/// <summary>An episode being played on one row of the decoder: either it speaks, or it waits for the verdict on what it said.</summary>
sealed class OpenEpisode(int row, int index, RolloutRequest request, ulong seed, RolloutOptions options, ChatFormat format)
{
    readonly List<int> response = [];
    readonly List<float> logProbs = [];
    RandomStream random;
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

    /// <summary>Tokens that the decoder has not seen yet.</summary>
    public ReadOnlyMemory<int> Pending { get; private set; }

    /// <summary>Puts the problem to the policy.</summary>
    /// <exception cref="InvalidDataException">There is no room for the first turn.</exception>
    public void Begin(int maxLength)
    {
        random = RandomStream.For(seed, [.. request.Key, 0]);
        observation = options.Wording.FirstMessage(request.Problem.Statement);
        prompt = format.FirstPrompt(observation);
        Pending = prompt;
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
        random = RandomStream.For(seed, [.. request.Key, Turns.Count]);
        observation = options.Feedback.Feedback(request.Problem, last.Public, random);
        prompt = format.NextPrompt(observation, last.Response[^1]);
        if (length + prompt.Length + options.Sampling.MaxTokens > maxLength)
            return false;
        // The last token of a response is never fed back while it is generated.
        Pending = (int[])[last.Response[^1], .. prompt];
        response.Clear();
        logProbs.Clear();
        Waits = false;
        return true;
    }

    /// <summary>Draws one token; true when the response is complete.</summary>
    public bool Say(Span<float> logits)
    {
        var (token, logProb) = Sampler.Sample(logits, options.Sampling, ref random);
        response.Add(token);
        logProbs.Add(logProb);
        Pending = (int[])[token];
        var truncated = !format.Ends(token);
        if (truncated && response.Count < options.Sampling.MaxTokens)
            return false;
        var text = format.Tokenizer.Decode(truncated ? response : response[..^1]);
        length += prompt.Length + response.Count;
        Turns.Add(new Turn
        {
            Observation = observation,
            Prompt = prompt,
            Response = [.. response],
            LogProbs = [.. logProbs],
            Text = text,
            Truncated = truncated,
            Code = CodeBlock.Find(text),
        });
        return true;
    }

    public void StartJudging(IJudge judge, long step, CancellationToken cancellation)
    {
        (Waits, Ended) = (true, step);
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
