using System.Threading.Channels;

namespace Rlef.Policy;

/// <summary>A response that a <see cref="GenerationEngine"/> draws, token by token.</summary>
public sealed class Generation
{
    readonly Channel<DrawnToken> drawn = Channel.CreateUnbounded<DrawnToken>(new() { SingleReader = true, SingleWriter = true });
    readonly Generation? leader;
    int row = -1, told;
    ReadOnlyMemory<int> unread;
    OpenResponse? response;
    volatile bool cancelled;

    internal Generation(GenerationRequest request, Generation? leader) => (Request, this.leader) = (request, leader);

    public GenerationRequest Request { get; }

    /// <summary>The tokens, as they are drawn, the one that ends the response among them.</summary>
    /// <remarks>Reading throws what the decoder threw, and <see cref="OperationCanceledException"/> if the response was cancelled or the engine has ended.</remarks>
    public ChannelReader<DrawnToken> Tokens => drawn.Reader;

    /// <summary>Whether the response was cut off before an end token; known once all tokens are read.</summary>
    public bool Truncated { get; private set; }

    /// <summary>Tokens of the prompt that a row held already; known with the first token.</summary>
    public int Reused { get; private set; }

    /// <summary>Gives up the response; its row is free at the next step.</summary>
    public void Cancel() => cancelled = true;

    internal bool Cancelled => cancelled;

    /// <summary>Whether the prompt has yet to be read by another, from whom it can then be copied.</summary>
    internal bool MustWait => leader is { cancelled: false, Read: false };

    internal bool Read { get; private set; }

    internal int Row => row;

    /// <summary>The response once all of the prompt but its last part is read.</summary>
    internal OpenResponse? Response => response;

    internal void Begin(int row, int reused) => (this.row, Reused, unread) = (row, reused, Request.Prompt[reused..]);

    /// <summary>Takes the next part of the prompt, or makes the response if that was the last one.</summary>
    /// <returns>What is to be read without an answer yet; nothing for the last part, which the response brings along.</returns>
    internal ReadOnlyMemory<int> TakePrompt(ref int most)
    {
        if (unread.Length > most)
        {
            var part = unread[..most];
            (unread, most) = (unread[most..], 0);
            return part;
        }
        most -= unread.Length;
        response = new(row, unread, Request.Random, Request.Sampling, Request.Ends, Request.Alternatives);
        return default;
    }

    /// <summary>The token at a place of the dialogue.</summary>
    internal int TokenAt(int place) => place < Request.Prompt.Length ? Request.Prompt.Span[place] : response!.Tokens[place - Request.Prompt.Length];

    /// <summary>Passes on what was drawn since.</summary>
    internal void Tell()
    {
        Read = true;
        for (; told < response!.Tokens.Count; told++)
            drawn.Writer.TryWrite(new(response.Tokens[told], response.LogProbs[told], Request.Alternatives > 0 ? response.Alternatives[told] : []));
        if (!response.Ended)
            return;
        Truncated = response.Truncated;
        drawn.Writer.Complete();
    }

    internal void Fail(Exception cause)
    {
        Read = true;
        drawn.Writer.TryComplete(cause);
    }
}
