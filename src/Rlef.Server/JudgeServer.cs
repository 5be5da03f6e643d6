using System.Globalization;
using System.Net;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Prometheus;
using Rlef.Execution;
using Rlef.Problems;

namespace Rlef.Server;

/// <summary>The judge over HTTP: <c>POST /v1/judge</c>, <c>GET /health</c> and <c>GET /metrics</c>. Faults are problem details (RFC 9457).</summary>
public sealed class JudgeServer : IAsyncDisposable
{
    const string Bounded = "bounded", Health = "/health";
    const int RetrySeconds = 1;

    /// <summary>How long what is under way may take to finish once the server stops.</summary>
    public static TimeSpan Grace { get; } = TimeSpan.FromMinutes(1);

    readonly WebApplication app;

    JudgeServer(WebApplication app) => this.app = app;

    /// <summary>Where it listens.</summary>
    public Uri Address => new(app.Urls.First());

    /// <param name="sandbox">Runs the programs; stays its owner's.</param>
    /// <param name="problems">What requests may name; null where they bring tests only.</param>
    /// <exception cref="ArgumentException">The address is no loopback address, and there is no key.</exception>
    /// <exception cref="IOException">The address cannot be had.</exception>
    public static async Task<JudgeServer> StartAsync(ISandbox sandbox, ProblemSet? problems, JudgeServerOptions options, CancellationToken cancellation = default)
    {
        options.Check();
        var app = Build(sandbox, problems, options);
        try
        {
            await app.StartAsync(cancellation);
            return new(app);
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    /// <summary>Lets nobody in any more, finishes what is under way, for as long as <see cref="Grace"/>, and ends.</summary>
    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
    }

    // The empty builder: settings of ASP.NET's in the environment or the working folder must not open another door.
    static WebApplication Build(ISandbox sandbox, ProblemSet? problems, JudgeServerOptions options)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = options.MaxRequestBytes;
            kestrel.Listen(options.Host, options.Port);
        });
        builder.Logging.SetMinimumLevel(LogLevel.Warning).AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = Grace);
        builder.Services.AddRoutingCore().AddHealthChecks();
        builder.Services.AddProblemDetails(details => details.CustomizeProblemDetails = context => context.ProblemDetails.Detail ??= WayOut(context.ProblemDetails.Status));
        builder.Services.AddRateLimiter(limiter =>
        {
            limiter.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
            limiter.OnRejected = (context, _) =>
            {
                context.HttpContext.Response.Headers.RetryAfter = RetrySeconds.ToString(CultureInfo.InvariantCulture);
                return ValueTask.CompletedTask;
            };
            limiter.AddConcurrencyLimiter(Bounded, bound => bound.PermitLimit = options.MaxRequests);
        });
        var app = builder.Build();
        var metrics = new JudgeMetrics();
        app.Use(metrics.ObserveAsync);
        app.UseExceptionHandler();
        app.UseStatusCodePages();
        app.UseRouting();
        if (options.Key is { } key)
            app.Use((context, next) => context.Request.Path == Health || key.IsShownBy(context.Request) ? next(context) : Refuse(context));
        app.UseRateLimiter();
        app.MapPost("/v1/judge", new JudgeService(sandbox, problems, options, metrics).AnswerAsync).RequireRateLimiting(Bounded);
        app.MapHealthChecks(Health);
        app.MapMetrics("/metrics", metrics.Registry);
        return app;
    }

    static Task Refuse(HttpContext context)
    {
        context.Response.Headers.WWWAuthenticate = "Bearer";
        context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        return Task.CompletedTask;
    }

    static string? WayOut(int? status) => status switch
    {
        StatusCodes.Status401Unauthorized => "Show the server's key: Authorization: Bearer KEY.",
        StatusCodes.Status404NotFound => $"There is POST /v1/judge, GET {Health} and GET /metrics.",
        StatusCodes.Status405MethodNotAllowed => $"There is POST /v1/judge, GET {Health} and GET /metrics.",
        StatusCodes.Status429TooManyRequests => "As many requests are under way as the server takes. Ask again after the seconds that Retry-After says.",
        StatusCodes.Status500InternalServerError => "The server failed, not the program. Its standard error says more.",
        _ => null,
    };
}
