using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Rlef.Policy;
using Rlef.Randomness;

namespace Rlef.Server;

/// <summary>Answers requests by the policy.</summary>
sealed class PolicyService(string model, PolicyFiles files, GenerationEngine engine, ChatPrompts? chat, PolicyServerOptions options, PolicyMetrics metrics, ILogger log)
{
    readonly OrderReader reader = new(model, files, chat, engine.MaxLength, options);
    readonly HashSet<int> textEnds = [.. files.EndTokens];

    public Task<IResult> ChatAsync(HttpRequest request, CancellationToken gone) => AnswerAsync(request, reader.ReadChat, AnswerForm.Chat, gone);

    public Task<IResult> ContinueAsync(HttpRequest request, CancellationToken gone) => AnswerAsync(request, reader.ReadContinuation, AnswerForm.Text, gone);

    async Task<IResult> AnswerAsync(HttpRequest request, Func<RequestFields, GenerationOrder> read, AnswerForm form, CancellationToken gone)
    {
        var arrived = Stopwatch.GetTimestamp();
        var order = read(await RequestFields.ReadAsync(request, options.MaxRequestBytes, gone));
        var choices = Start(order, arrived);
        var blank = new Answer($"{form.IdPrefix}{Guid.NewGuid():N}", order.Stream ? form.PieceObject : form.WholeObject, DateTimeOffset.UtcNow.ToUnixTimeSeconds(), model, []);
        if (order.Stream)
            return TypedResults.ServerSentEvents(StreamAsync(order, choices, form, blank, gone));
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(gone);
        limit.CancelAfter(options.TimeLimit);
        try
        {
            var answers = await Task.WhenAll(choices.Select(async choice => form.Whole(choice.Index, await WholeAsync(order, choice, limit.Token),
                order.Alternatives is not null, order.TokenIds ? choice.Drawn : null)));
            return Results.Json(blank with { Choices = answers, Usage = UsageOf(order, choices), PromptTokenIds = order.TokenIds ? order.Prompts[0] : null }, OpenAiJson.Options);
        }
        catch (OperationCanceledException) when (!gone.IsCancellationRequested)
        {
            throw RequestFault.TooSlow(options.TimeLimit);
        }
        finally
        {
            Cancel(choices);
        }
    }

    List<Choice> Start(GenerationOrder order, long arrived)
    {
        Func<int, bool> ends = order.Messages is null ? textEnds.Contains : chat!.Format.Ends;
        List<GenerationRequest> requests = [];
        foreach (var prompt in order.Prompts)
            for (var i = 0; i < order.Choices; i++)
                requests.Add(new(prompt, order.Sampling, RandomStream.For(order.Seed, requests.Count), ends, order.Alternatives ?? 0));
        return [.. engine.Start(requests).Select((generation, i) =>
            new Choice(i, generation, new(files.Tokenizer, order.Messages is null ? order.Prompts[i / order.Choices] : [], order.Stop), files.Tokenizer, ends, metrics, arrived))];
    }

    async Task<Piece> WholeAsync(GenerationOrder order, Choice choice, CancellationToken cancellation)
    {
        List<Piece> pieces = [];
        await foreach (var piece in choice.ReadAsync(cancellation))
            pieces.Add(piece);
        var whole = new Piece(string.Concat(pieces.Select(p => p.Text)), [.. pieces.SelectMany(p => p.Tokens)], pieces[^1].Finish);
        Keep(order, choice, whole.Text);
        return whole;
    }

    // What a stop text cut is not all that the policy said.
    void Keep(GenerationOrder order, Choice choice, string text)
    {
        if (order.Messages is not null && !choice.Stopped)
            chat!.Keep(order.Messages, text, order.Prompts[0], choice.Drawn);
    }

    async IAsyncEnumerable<string> StreamAsync(GenerationOrder order, List<Choice> choices, AnswerForm form, Answer blank, [EnumeratorCancellation] CancellationToken gone)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(gone);
        limit.CancelAfter(options.TimeLimit);
        var parts = Channel.CreateUnbounded<object>(new() { SingleReader = true });
        var speaking = SpeakAsync(order, choices, form, parts.Writer, limit.Token);
        try
        {
            await foreach (var part in parts.Reader.ReadAllAsync(CancellationToken.None))
                yield return Write(blank with { Choices = [part] });
            if (await FaultAsync(speaking, gone) is { } fault)
            {
                yield return Write(OpenAiFaultFormat.Body(fault));
                yield break;
            }
            if (order.StreamUsage)
                yield return Write(blank with { Usage = UsageOf(order, choices) });
            yield return "[DONE]";
        }
        finally
        {
            Cancel(choices);
        }

        static string Write(object value) => JsonSerializer.Serialize(value, value.GetType(), OpenAiJson.Options);
    }

    async Task SpeakAsync(GenerationOrder order, List<Choice> choices, AnswerForm form, ChannelWriter<object> parts, CancellationToken cancellation)
    {
        try
        {
            await Task.WhenAll(choices.Select(async choice =>
            {
                if (form.Opening(choice.Index) is { } opening)
                    parts.TryWrite(opening);
                var (text, told) = ("", 0);
                await foreach (var piece in choice.ReadAsync(cancellation))
                {
                    parts.TryWrite(form.Part(choice.Index, piece, order.Alternatives is not null, order.TokenIds ? [.. choice.Drawn.Skip(told)] : null));
                    (text, told) = (order.Messages is null ? "" : text + piece.Text, choice.Drawn.Count);
                }
                Keep(order, choice, text);
            }));
        }
        finally
        {
            parts.TryComplete();
        }
    }

    // The answer has begun, so that a fault can only be told within it.
    async Task<RequestFault?> FaultAsync(Task speaking, CancellationToken gone)
    {
        try
        {
            await speaking;
            return null;
        }
        catch (OperationCanceledException) when (!gone.IsCancellationRequested)
        {
            return RequestFault.TooSlow(options.TimeLimit);
        }
        catch (Exception cause) when (cause is not OperationCanceledException)
        {
            log.LogError(cause, "A response broke off.");
            return new("The server failed, not the request. Its standard error says more.", StatusCodes.Status500InternalServerError);
        }
    }

    static Usage UsageOf(GenerationOrder order, List<Choice> choices)
    {
        var (prompt, completion) = (order.Prompts.Sum(p => p.Length), choices.Sum(c => c.Drawn.Count));
        // Choices of a prompt share it; what the first found held counts.
        return new(prompt, completion, prompt + completion, new(choices.Where(c => c.Index % order.Choices == 0).Sum(c => c.Generation.Reused)));
    }

    static void Cancel(List<Choice> choices)
    {
        foreach (var choice in choices)
            choice.Generation.Cancel();
    }
}
