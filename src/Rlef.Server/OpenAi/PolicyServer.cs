using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Rlef.Policy;
using Rlef.Storage;

namespace Rlef.Server;

/// <summary>A policy over HTTP, as clients of OpenAI's API ask for it: <c>POST /v1/chat/completions</c>, <c>POST /v1/completions</c> and <c>GET /v1/models</c>.</summary>
public sealed class PolicyServer : HttpServer
{
    readonly GenerationEngine engine;
    readonly ChatPrompts? chat;

    PolicyServer(WebApplication app, GenerationEngine engine, ChatPrompts? chat) : base(app) => (this.engine, this.chat) = (engine, chat);

    /// <param name="model">The name by which clients ask for the policy.</param>
    /// <param name="decoder">The server's alone while it lives; stays its owner's.</param>
    /// <exception cref="ArgumentException">The address is no loopback address, and there is no key.</exception>
    /// <exception cref="InvalidDataException">The chat template is one that cannot be carried out, or that lets no dialogue grow.</exception>
    /// <exception cref="IOException">The address cannot be had.</exception>
    public static async Task<PolicyServer> StartAsync(string model, PolicyFiles files, IDecoder decoder, PolicyServerOptions options, CancellationToken cancellation = default)
    {
        options.Check();
        var chat = files.ChatTemplate is null ? null : new ChatPrompts(files);
        var engine = new GenerationEngine(decoder);
        try
        {
            var metrics = new PolicyMetrics(engine);
            var app = Build(options, metrics, new OpenAiFaultFormat(), "POST /v1/chat/completions, POST /v1/completions, GET /v1/models");
            var service = new PolicyService(model, files, engine, chat, options, metrics, app.Services.GetRequiredService<ILogger<PolicyService>>());
            app.MapPost("/v1/chat/completions", service.ChatAsync).RequireRateLimiting(Bounded);
            app.MapPost("/v1/completions", service.ContinueAsync).RequireRateLimiting(Bounded);
            var entry = new { Id = model, Object = "model", Created = DateTimeOffset.UtcNow.ToUnixTimeSeconds(), OwnedBy = "rlef", MaxModelLen = decoder.MaxLength };
            app.MapGet("/v1/models", () => Results.Json(new { Object = "list", Data = new[] { entry } }, OpenAiJson.Options));
            app.MapGet("/v1/models/{**id}", (string id) => id == model ? Results.Json(entry, OpenAiJson.Options)
                : throw new RequestFault($"There is no model '{id.OneLine()}' here; there is '{model}'.", StatusCodes.Status404NotFound, "model", "model_not_found"));
            await StartAsync(app, cancellation);
            return new(app, engine, chat);
        }
        catch
        {
            engine.Dispose();
            chat?.Dispose();
            throw;
        }
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        engine.Dispose();
        chat?.Dispose();
    }
}
