using Rlef.Execution;
using Rlef.Policy;
using Rlef.Randomness;

namespace Rlef.Dialogue;

/// <summary>An episode being played on one row of the decoder: either it speaks, or it waits for the verdict on what it said.</summary>
sealed class OpenEpisode(int row, int index, RolloutRequest request, ulong seed, RolloutOptions options, ChatFormat format)
{
    string observation = "", prefix = "";
    int[] prompt = [];
    int length;
    Task<Judgement>? judging;

    // What the decoder has not been shown: the prompt, and before it what was given.
    readonly List<int> unseen = [];

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

    /// <summary>Puts the problem to the policy, or hands in the first of the given responses.</summary>
    /// <exception cref="InvalidDataException">There is no room for the first turn.</exception>
    public void Begin(IJudge judge, int maxLength, long step, CancellationToken cancellation)
    {
        observation = options.Wording.FirstMessage(request.Problem.Statement);
        prompt = format.FirstPrompt(observation);
        if (!TryRespond(judge, maxLength, step, Random(), cancellation))
            throw new InvalidDataException($"Problem '{request.Problem.Id}' needs {prompt.Length + options.Sampling.MaxTokens} tokens for its first turn, but a dialogue " +
                $"may have {maxLength}: shorten its statement, or allow longer dialogues or shorter responses.");
    }

    /// <summary>Begins the next turn, unless the episode is over: solved, at its last turn, without a verdict, or grown too long for another turn.</summary>
    public bool TryContinue(IJudge judge, int maxLength, long step, CancellationToken cancellation)
    {
        var last = Turns[^1];
        if (last.Public is { Accepted: true } or { Kind: VerdictKind.InfrastructureError } || Turns.Count == options.TurnLimit)
            return false;
        var random = Random();
        observation = options.Feedback.Feedback(request.Problem, last.Public, random);
        prompt = format.NextPrompt(observation, last.Response[^1]);
        // The last token of a response is never fed back while it is generated.
        unseen.Add(last.Response[^1]);
        return TryRespond(judge, maxLength, step, random, cancellation);
    }

    RandomStream Random() => RandomStream.For(seed, [.. request.Key, Turns.Count]);

    // The next response: one that is given, which is judged at once, or the policy's own.
    bool TryRespond(IJudge judge, int maxLength, long step, RandomStream random, CancellationToken cancellation)
    {
        Waits = false;
        var given = Turns.Count < request.Start.Responses.Length;
        int[] response = given ? format.Response(request.Start.Responses[Turns.Count]) : [];
        prefix = given || Turns.Count > request.Start.Responses.Length ? "" : request.Start.Prefix;
        prompt = [.. prompt, .. prefix.Length > 0 ? format.Tokenizer.Encode(prefix) : []];
        if (length + prompt.Length + (given ? response.Length : options.Sampling.MaxTokens) > maxLength)
            return false;
        unseen.AddRange(prompt);
        if (given)
        {
            unseen.AddRange(response[..^1]);
            Add(response, new float[response.Length], request.Start.Responses[Turns.Count], truncated: false, given, judge, step, cancellation);
            return true;
        }
        Response = new(row, unseen.ToArray(), random, options.Sampling.MaxTokens, format.Ends);
        unseen.Clear();
        return true;
    }

    /// <summary>Makes a turn of the complete response, whose program is judged from now on.</summary>
    public void StartJudging(IJudge judge, long step, CancellationToken cancellation)
    {
        int[] said = [.. Response.Tokens], own = Response.Truncated ? said : said[..^1];
        // Some tokenizers drop a space at the beginning of a text, which the continuation of a prefix is not.
        var text = format.Tokenizer.Decode(prefix.Length > 0 ? [.. format.Tokenizer.Encode(prefix), .. own] : own);
        Add(said, [.. Response.LogProbs], text, Response.Truncated, given: false, judge, step, cancellation);
    }

    void Add(int[] said, float[] logProbs, string text, bool truncated, bool given, IJudge judge, long step, CancellationToken cancellation)
    {
        (Waits, Ended) = (true, step);
        length += prompt.Length + said.Length;
        Turns.Add(new Turn
        {
            Observation = observation,
            Prompt = prompt,
            Prefix = prefix,
            Response = said,
            LogProbs = logProbs,
            Text = text,
            Truncated = truncated,
            Given = given,
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
