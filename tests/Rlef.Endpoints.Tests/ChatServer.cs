using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Rlef.Endpoints.Tests;

/// <summary>A server of OpenAI's chat routes on a free port of this machine, whose answers a test decides.</summary>
sealed class ChatServer : IAsyncDisposable
{
    public const string Model = "made-up";

    /// <summary>A request as the server sees it.</summary>
    /// <param name="Number">0-based, in the order of arrival.</param>
    public sealed record Request(int Number, JsonObject Body, string? Authorization)
    {
        public string[] Messages => [.. Body["messages"]!.AsArray().Select(m => m!["content"]!.GetValueKind() == JsonValueKind.String ? (string)m["content"]! : string.Concat(m["content"]!.AsArray().Select(part => (string)part!["text"]!)))];
    }

    readonly WebApplication app;
    readonly ConcurrentQueue<Request> requests = [];
    int arrived;

    ChatServer(WebApplication app) => this.app = app;

    public string Address { get; private set; } = "";

    /// <summary>In the order of their arrival.</summary>
    public IReadOnlyList<Request> Requests => [.. requests.OrderBy(r => r.Number)];

    public Endpoint Endpoint => new(new(Address), Model) { Concurrency = 1, RetryDelay = TimeSpan.FromMilliseconds(1), Retries = 3 };

    /// <param name="key">What requests must show; null for nothing.</param>
    public static async Task<ChatServer> StartAsync(Func<Request, HttpContext, Task> answer, string? key = null)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddRoutingCore();
        var app = builder.Build();
        var server = new ChatServer(app);
        app.UseRouting();
        app.Use((context, next) => key is null || context.Request.Headers.Authorization == $"Bearer {key}" ? next(context)
            : RefuseAsync(context, 401, "invalid_api_key", $"Incorrect API key provided: {context.Request.Headers.Authorization}."));
        app.MapGet("/v1/models", (RequestDelegate)(context => context.Response.WriteAsync("""{"object":"list","data":[{"id":"made-up","object":"model"},{"id":"other","object":"model"}]}""")));
        app.MapGet("/", (RequestDelegate)(context => context.Response.WriteAsync("<html>Welcome</html>")));
        app.MapPost("/v1/chat/completions", (RequestDelegate)(async context =>
        {
            var body = (await JsonNode.ParseAsync(context.Request.Body))!.AsObject();
            var request = new Request(Interlocked.Increment(ref server.arrived) - 1, body, context.Request.Headers.Authorization);
            server.requests.Enqueue(request);
            if ((string?)body["model"] is not (Model or "other"))
                await RefuseAsync(context, 404, "model_not_found", $"The model '{body["model"]}' does not exist.");
            else
                await answer(request, context);
        }));
        await app.StartAsync();
        server.Address = $"{app.Urls.First()}/v1";
        return server;
    }

    /// <summary>A server whose answers are texts.</summary>
    public static Task<ChatServer> StartAsync(Func<Request, string> text, string? key = null) => StartAsync((request, context) => SayAsync(context, text(request)), key);

    public static string Completion(string text, string finish = "stop") => new JsonObject
    {
        ["id"] = "chatcmpl-1",
        ["object"] = "chat.completion",
        ["created"] = 1,
        ["model"] = Model,
        ["choices"] = new JsonArray(new JsonObject { ["index"] = 0, ["finish_reason"] = finish, ["message"] = new JsonObject { ["role"] = "assistant", ["content"] = text } }),
        ["usage"] = new JsonObject { ["prompt_tokens"] = 10, ["completion_tokens"] = 5, ["total_tokens"] = 15 },
    }.ToJsonString();

    public static Task SayAsync(HttpContext context, string text, string finish = "stop")
    {
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(Completion(text, finish));
    }

    public static Task RefuseAsync(HttpContext context, int status, string code, string message)
    {
        (context.Response.StatusCode, context.Response.ContentType) = (status, "application/json");
        return context.Response.WriteAsync(new JsonObject { ["error"] = new JsonObject { ["message"] = message, ["type"] = "some_error", ["code"] = code } }.ToJsonString());
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();
}
