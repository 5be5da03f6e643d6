using System.ClientModel;
using System.ClientModel.Primitives;
using System.Threading.RateLimiting;
using Microsoft.Extensions.AI;
using OpenAI;
using OpenAI.Chat;
using Polly.Timeout;
using Rlef.Dialogue;
using ChatMessage = Microsoft.Extensions.AI.ChatMessage;

namespace Rlef.Endpoints;

/// <summary>A served model as a chat client that keeps within the endpoint's limits, asks again where that may help, and tells what ends a dialogue from what ends them all.</summary>
public sealed class EndpointClient : DelegatingChatClient
{
    // Nothing is known of the tokenizer; texts of code and English have more characters a token.
    const int BytesAToken = 3;

    readonly Endpoint endpoint;
    readonly IReadOnlyList<string>? models;
    readonly HttpClient http;
    readonly ConcurrencyLimiter tokens;
    volatile bool newerName;

    EndpointClient(Endpoint endpoint, IReadOnlyList<string>? models, HttpClient http) : base(Client(endpoint, http))
    {
        (this.endpoint, this.models, this.http) = (endpoint, models, http);
        tokens = new(new() { PermitLimit = endpoint.TokensUnderWay, QueueLimit = int.MaxValue, QueueProcessingOrder = QueueProcessingOrder.OldestFirst });
    }

    /// <summary>What the user should know before the first request; null for nothing.</summary>
    public string? Notice => models is null || models.Contains(endpoint.Model) ? null
        : $"{endpoint.Address} does not list the model {endpoint.Model}; it is asked for all the same.{EndpointCheck.Offer(models)}";

    /// <summary>Makes the first contact.</summary>
    /// <inheritdoc cref="EndpointCheck.ModelsAsync"/>
    public static async Task<EndpointClient> ConnectAsync(Endpoint endpoint, CancellationToken cancellation = default) =>
        new(endpoint, await EndpointCheck.ModelsAsync(endpoint, cancellation), EndpointHttp.Patient(endpoint));

    /// <exception cref="BrokenOffException">There is no answer to this request.</exception>
    /// <exception cref="EndpointException">There will be none to any.</exception>
    public override async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        var dialogue = messages.ToList();
        var longest = options?.MaxOutputTokens ?? 0;
        var needed = dialogue.Sum(m => System.Text.Encoding.UTF8.GetByteCount(m.Text)) / BytesAToken + longest;
        using var lease = await tokens.AcquireAsync(Math.Min(needed, endpoint.TokensUnderWay), cancellationToken);
        while (true)
        {
            var newer = newerName;
            try
            {
                return await base.GetResponseAsync(dialogue, newer ? options : WithOlderName(options), cancellationToken);
            }
            catch (ClientResultException e) when (!newer && e.Status is 400 or 422 && Fault(e).IsOfMaxTokens)
            {
                newerName = true;
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested && Meaning(e) is { } meaning)
            {
                throw meaning;
            }
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            tokens.Dispose();
            http.Dispose();
        }
        base.Dispose(disposing);
    }

    static IChatClient Client(Endpoint endpoint, HttpClient http) => new ChatClient(endpoint.Model, new ApiKeyCredential("shown by the HTTP client"), new OpenAIClientOptions
    {
        Endpoint = endpoint.Address,
        Transport = new HttpClientPipelineTransport(http),
        RetryPolicy = new ClientRetryPolicy(maxRetries: 0),
        NetworkTimeout = System.Threading.Timeout.InfiniteTimeSpan,
    }).AsIChatClient();

    // Servers that know max_completion_tokens mostly know max_tokens too; those that do not, ignore it in silence, and write on to the end of the context.
    static ChatOptions? WithOlderName(ChatOptions? options)
    {
        if (options?.MaxOutputTokens is not { } longest)
            return options;
        var older = options.Clone();
        older.MaxOutputTokens = null;
        older.RawRepresentationFactory = _ =>
        {
            var raw = new ChatCompletionOptions();
#pragma warning disable SCME0001 // The way that the client offers for members it does not have.
            raw.Patch.Set("$.max_tokens"u8, longest);
#pragma warning restore SCME0001
            return raw;
        };
        return older;
    }

    ServerFault Fault(ClientResultException e) => ServerFault.Read(endpoint.Redacted(e.GetRawResponse()?.Content.ToString() ?? e.Message));

    // Null for what is nobody's fault but ours.
    Exception? Meaning(Exception e) => e switch
    {
        TimeoutRejectedException => new BrokenOffException(Breakage.Timeout, $"{endpoint.Address} gave no answer within {endpoint.Timeout.TotalSeconds:0.###} seconds, asked {Asked}."),
        ClientResultException { Status: 0 } lost => Lost(lost.InnerException ?? lost),
        HttpRequestException lost => Lost(lost),
        ClientResultException refused => Meaning(refused, Fault(refused)),
        System.Text.Json.JsonException or FormatException or InvalidOperationException or KeyNotFoundException or ArgumentException or NullReferenceException =>
            new BrokenOffException(Breakage.Failure, $"{endpoint.Address} answers with something that is no chat completion: {endpoint.Redacted(e.Message)}", e),
        _ => null,
    };

    BrokenOffException Lost(Exception e) => new(Breakage.Failure, $"{endpoint.Address}, asked {Asked}: {endpoint.Redacted(e.Message)}", e);

    Exception Meaning(ClientResultException e, ServerFault fault) => e.Status switch
    {
        401 or 403 => EndpointCheck.Refused(endpoint, endpoint.Redacted(e.GetRawResponse()?.Content.ToString() ?? ""), e),
        429 when EndpointHttp.IsOutOfMoney(fault.Code) => new EndpointException($"{endpoint.Address}: {fault.Message}", e),
        408 or 429 or >= 500 => fault.IsOfContext ? new BrokenOffException(Breakage.Context, fault.Message, e)
            : new BrokenOffException(Breakage.Failure, $"{endpoint.Address} answered {e.Status}, asked {Asked}: {fault.Message}", e),
        _ when fault.IsOfFilter => new BrokenOffException(Breakage.ContentFilter, fault.Message, e),
        _ when fault.IsOfContext => new BrokenOffException(Breakage.Context, fault.Message, e),
        >= 300 and < 400 => new EndpointException($"{endpoint.Address} sends elsewhere ({e.Status}). Name the server itself with --endpoint.", e),
        404 when models is null => new EndpointException($"{endpoint.Address} knows no model {endpoint.Model}, or no route chat/completions below it: " +
            $"{fault.Message} A server's routes usually begin at …/v1.", e),
        _ => new EndpointException($"{endpoint.Address} does not take the request ({e.Status}): {fault.Message}{(models?.Contains(endpoint.Model) == false ? EndpointCheck.Offer(models) : "")}", e),
    };

    string Asked => endpoint.Retries == 0 ? "once" : $"{endpoint.Retries + 1} times";
}
