namespace Rlef.Policy;

/// <summary>
/// Draws responses for many callers at once on a thread that owns the decoder. A response joins the others at the next step and leaves them when it ends or is
/// cancelled (continuous batching, Yu et al. 2022, Orca). Long prompts are read in parts, between which the others go on (chunked prefill, Agrawal et al. 2024,
/// Sarathi-Serve).
/// </summary>
public sealed class GenerationEngine : IDisposable
{
    readonly IDecoder decoder;
    readonly int promptStep;
    readonly DecoderRows rows;
    readonly LinkedList<Generation> waiting = [];
    readonly List<Generation> open = [];   // of the thread alone
    readonly Lock gate = new();
    readonly SemaphoreSlim work = new(0);
    readonly Thread thread;
    volatile bool ending;
    volatile int speaking;

    /// <param name="decoder">The engine's alone while it lives; stays its owner's.</param>
    /// <param name="promptStep">Tokens of prompts that are read in a step.</param>
    public GenerationEngine(IDecoder decoder, int promptStep = 512)
    {
        (this.decoder, this.promptStep, rows) = (decoder, promptStep, new(decoder));
        thread = new Thread(Run) { Name = "rlef decoder", IsBackground = true };
        thread.Start();
    }

    /// <summary>Most tokens of a prompt and its response.</summary>
    public int MaxLength => decoder.MaxLength;

    /// <summary>Responses that wait for a row.</summary>
    public int Waiting
    {
        get
        {
            lock (gate)
                return waiting.Count;
        }
    }

    /// <summary>Responses that are being drawn.</summary>
    public int Speaking => speaking;

    /// <summary>Starts responses, which wait where no row is free. Those of the same prompt read it once.</summary>
    /// <returns>One for each request.</returns>
    /// <exception cref="ArgumentException">A prompt is empty, or leaves no room for the longest response.</exception>
    public IReadOnlyList<Generation> Start(IReadOnlyList<GenerationRequest> requests)
    {
        List<Generation> started = [];
        foreach (var request in requests)
        {
            if (request.Prompt.IsEmpty || request.Prompt.Length + request.Sampling.MaxTokens > MaxLength)
                throw new ArgumentException($"A prompt of {request.Prompt.Length} tokens and a response of {request.Sampling.MaxTokens} do not fit a dialogue of 2 to {MaxLength}.", nameof(requests));
            started.Add(new(request, started.Find(s => s.Request.Prompt.Equals(request.Prompt))));
        }
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(ending, this);
            foreach (var generation in started)
                waiting.AddLast(generation);
        }
        work.Release();
        return started;
    }

    void Run()
    {
        while (!ending)
        {
            if (speaking == 0 && Waiting == 0)
                work.Wait();
            try
            {
                Leave();
                Join();
                Step();
            }
            catch (Exception cause)
            {
                foreach (var generation in open)
                    generation.Fail(cause);
                open.Clear();
                rows.Clear();
            }
            speaking = open.Count;
        }
        foreach (var generation in open)
            generation.Fail(new OperationCanceledException());
        lock (gate)
            foreach (var generation in waiting)
                generation.Fail(new OperationCanceledException());
    }

    void Leave()
    {
        // Asked once of each: one that is cancelled meanwhile leaves at the next step.
        foreach (var generation in open.FindAll(g => g.Cancelled))
        {
            open.Remove(generation);
            rows.Return(generation.Row);
            generation.Fail(new OperationCanceledException());
        }
    }

    void Join()
    {
        lock (gate)
        {
            for (var node = waiting.First; node is not null;)
            {
                var (next, generation) = (node.Next, node.Value);
                if (generation.Cancelled)
                    generation.Fail(new OperationCanceledException());
                else if (generation.MustWait || !rows.AnyFree)
                {
                    node = next;
                    continue;
                }
                else
                {
                    var (row, reused) = rows.Take(generation.Request.Prompt.Span);
                    generation.Begin(row, reused);
                    open.Add(generation);
                }
                waiting.Remove(node);
                node = next;
            }
            speaking = open.Count;
        }
    }

    void Step()
    {
        var most = promptStep;
        foreach (var generation in open)
            if (generation.Response is null && most > 0 && generation.TakePrompt(ref most) is { IsEmpty: false } part)
            {
                decoder.Append([generation.Row], [part], []);
                rows.Follow(generation);
            }
        List<Generation> spoken = open.FindAll(g => g.Response is not null);
        if (spoken.Count == 0)
            return;
        decoder.Sample([.. spoken.Select(g => g.Response!)]);
        foreach (var generation in spoken)
        {
            rows.Follow(generation);
            if (generation.Response!.Ended)
                rows.Return(generation.Row);
        }
        open.RemoveAll(g => g.Response is { Ended: true });
        speaking = open.Count;
        // Who hears of an end finds its place free.
        foreach (var generation in spoken)
            generation.Tell();
    }

    /// <summary>Ends; what is under way is cancelled.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            if (ending)
                return;
            ending = true;
        }
        work.Release();
        thread.Join();
        work.Dispose();
    }
}
