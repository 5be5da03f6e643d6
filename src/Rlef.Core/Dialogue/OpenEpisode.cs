using Rlef.Policy;
using Rlef.Randomness;

namespace Rlef.Dialogue;

/// <summary>An episode being played on one row of the decoder: either it speaks, or it waits for the verdict on what it said.</summary>
sealed class OpenEpisode(int row, int index, JudgedDialogue dialogue, RolloutOptions options, ChatFormat format)
{
    string observation = "", prefix = "";
    int[] prompt = [];
    int length, read;

    // What the decoder has not been shown: the prompt, and before it what was given.
    readonly List<int> unseen = [];

    public int Row => row;

    /// <summary>Place among the requests.</summary>
    public int Index => index;

    public JudgedDialogue Dialogue => dialogue;

    /// <summary>Whether the last response is complete and the next turn has not begun.</summary>
    public bool Waits { get; private set; }

    /// <summary>Step at which the last response was complete.</summary>
    public long Ended { get; private set; }

    /// <summary>What is being said, or was said last.</summary>
    public OpenResponse Response { get; private set; } = null!;

    /// <summary>Puts the problem to the policy, or hands in the first of the given responses.</summary>
    /// <exception cref="InvalidDataException">There is no room for the first turn.</exception>
    public void Begin(int maxLength, long step, CancellationToken cancellation)
    {
        observation = dialogue.NextMessage(out var random)!;
        prompt = options.Examples.FirstPrompt(format, observation);
        if (!TryRespond(maxLength, step, random, cancellation))
            throw new InvalidDataException(NoRoom(dialogue.Request.Problem.Id, prompt.Length + options.Sampling.MaxTokens, maxLength));
    }

    /// <summary>What is said where a problem is too long to be put.</summary>
    public static string NoRoom(string problem, int tokens, int maxLength) => $"Problem '{problem}' needs {tokens} tokens for its first turn, but a dialogue may have {maxLength}: " +
        "shorten its statement, or allow longer dialogues or shorter responses.";

    /// <summary>Begins the next turn, unless the episode is over or has grown too long for another turn.</summary>
    public bool TryContinue(int maxLength, long step, CancellationToken cancellation)
    {
        if (dialogue.NextMessage(out var random) is not { } message)
            return false;
        var last = dialogue.Turns[^1].Response[^1];
        observation = message;
        prompt = format.NextPrompt(observation, last);
        // The last token of a response is never fed back while it is generated.
        unseen.Add(last);
        return TryRespond(maxLength, step, random, cancellation);
    }

    // The next response: one that is given, which is judged at once, or the policy's own.
    bool TryRespond(int maxLength, long step, RandomStream random, CancellationToken cancellation)
    {
        Waits = false;
        var (given, start) = (dialogue.Given, dialogue.Request.Start);
        int[] response = given is not null ? format.Response(given) : [];
        prefix = given is not null || dialogue.Turns.Count > start.Responses.Length ? "" : start.Prefix;
        prompt = [.. prompt, .. prefix.Length > 0 ? format.Tokenizer.Encode(prefix) : []];
        if (length + prompt.Length + (given is not null ? response.Length : options.Sampling.MaxTokens) > maxLength)
            return false;
        unseen.AddRange(prompt);
        if (given is not null)
        {
            unseen.AddRange(response[..^1]);
            Add(response, new float[response.Length], given, truncated: false, given: true, step, cancellation);
            return true;
        }
        read = unseen.Count;
        Response = new(row, unseen.ToArray(), random, options.Sampling, format.Ends);
        unseen.Clear();
        return true;
    }

    /// <summary>Makes a turn of the complete response, whose program is judged from now on.</summary>
    public void StartJudging(long step, CancellationToken cancellation)
    {
        int[] said = [.. Response.Tokens], own = Response.Truncated ? said : said[..^1];
        // Some tokenizers drop a space at the beginning of a text, which the continuation of a prefix is not.
        var text = format.Tokenizer.Decode(prefix.Length > 0 ? [.. format.Tokenizer.Encode(prefix), .. own] : own);
        Add(said, [.. Response.LogProbs], text, Response.Truncated, given: false, step, cancellation);
    }

    void Add(int[] said, float[] logProbs, string text, bool truncated, bool given, long step, CancellationToken cancellation)
    {
        (Waits, Ended) = (true, step);
        length += prompt.Length + said.Length;
        dialogue.Add(new Turn
        {
            Observation = observation,
            Prompt = prompt,
            Prefix = prefix,
            Response = said,
            LogProbs = logProbs,
            Text = text,
            Truncated = truncated,
            Given = given,
            Usage = given ? default : new(read, said.Length),
        }, cancellation);
    }
}
