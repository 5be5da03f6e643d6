using System.Globalization;
using System.Net.Sockets;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Prometheus;

namespace Rlef.Server;

/// <summary>What all servers have in common: who is let in, what is too much, <c>GET /health</c>, <c>GET /metrics</c>, and the end.</summary>
public abstract class HttpServer : IAsyncDisposable
{
    /// <summary>Policy of the routes that do work, of which only so much may be under way.</summary>
    private protected const string Bounded = "bounded";
    const string Health = "/health";
    const int RetrySeconds = 1;

    // What is read of a body that is refused, since a client that still writes when the connection ends never reads why.
    const long RefusedBytes = 256 << 20;
    const double SlowestUpload = 32 << 10;   // bytes a second
    static readonly TimeSpan UploadStart = TimeSpan.FromSeconds(5), HeadersTimeout = TimeSpan.FromSeconds(10);

    readonly WebApplication app;

    private protected HttpServer(WebApplication app) => this.app = app;

    /// <summary>Where it listens.</summary>
    public Uri Address => new(app.Urls.First());

    /// <summary>Lets nobody in any more, finishes what is under way, for as long as <see cref="ServerOptions.Grace"/>, and ends.</summary>
    public virtual async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private protected static async Task StartAsync(WebApplication app, CancellationToken cancellation)
    {
        try
        {
            await app.StartAsync(cancellation);
        }
        catch (Exception e)
        {
            await app.DisposeAsync();
            if (e.InnerException is AddressInUseException)
                throw new IOException($"{e.Message} Name another port (--port), or 0 for any that is free.", e);
            if (e is SocketException)
                throw new IOException($"The address cannot be had: {e.Message}. Name another --host, which is one of this machine's, or another --port; those below 1024 want rights.", e);
            throw;
        }
    }

    // The empty builder: settings of ASP.NET's in the environment or the working folder must not open another door.
    private protected static WebApplication Build(ServerOptions options, RequestMetrics metrics, IFaultFormat faults, string routes)
    {
        options.Check();
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = options.MaxRequestBytes + RefusedBytes;
            kestrel.Limits.MinRequestBodyDataRate = new MinDataRate(SlowestUpload, UploadStart);
            kestrel.Limits.RequestHeadersTimeout = HeadersTimeout;
            kestrel.Listen(options.Host, options.Port);
        });
        // Why a host does not start is thrown too, and whoever starts it says so.
        builder.Logging.SetMinimumLevel(LogLevel.Warning).AddFilter("Microsoft.Extensions.Hosting", LogLevel.None)
            .AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = options.Grace);
        // Without a key a page in a browser must not come in under a name of its own that leads here.
        if (options.Key is null)
            builder.Services.AddHostFiltering(filter => (filter.AllowedHosts, filter.IncludeFailureMessage) =
                (["localhost", "127.0.0.1", "[::1]", options.Host.AddressFamily == AddressFamily.InterNetworkV6 ? $"[{options.Host}]" : $"{options.Host}"], false));
        builder.Services.AddRoutingCore().AddHealthChecks();
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
        app.Use(metrics.ObserveAsync);
        app.UseExceptionHandler(new ExceptionHandlerOptions { ExceptionHandler = context => faults.WriteAsync(context, Of(context.Response.StatusCode)) });
        app.UseStatusCodePages(pages => faults.WriteAsync(pages.HttpContext, Of(pages.HttpContext.Response.StatusCode)));
        app.Use((context, next) => TellAsync(context, next, faults));
        if (options.Key is null)
            app.UseHostFiltering();
        app.UseRouting();
        if (options.Key is { } key)
            app.Use((context, next) => context.Request.Path == Health || key.IsShownBy(context.Request) ? next(context) : Refuse(context));
        app.UseRateLimiter();
        app.MapHealthChecks(Health);
        app.MapMetrics("/metrics", metrics.Registry);
        return app;

        RequestFault Of(int status) => new(status switch
        {
            StatusCodes.Status400BadRequest when options.Key is null => "Without a key the server answers to localhost and its own address alone: ask it by one of these, or start it with a key.",
            StatusCodes.Status401Unauthorized => "Show the server's key: Authorization: Bearer KEY.",
            StatusCodes.Status404NotFound or StatusCodes.Status405MethodNotAllowed => $"There is {routes}, GET {Health} and GET /metrics.",
            StatusCodes.Status429TooManyRequests => "As many requests are under way as the server takes. Ask again after the seconds that Retry-After says.",
            StatusCodes.Status500InternalServerError => "The server failed, not the request. Its standard error says more.",
            _ => $"The server answers with status {status}.",
        }, status);
    }

    static async Task TellAsync(HttpContext context, RequestDelegate next, IFaultFormat faults)
    {
        try
        {
            await next(context);
        }
        catch (RequestFault fault)
        {
            await faults.WriteAsync(context, fault);
        }
        catch (Microsoft.AspNetCore.Http.BadHttpRequestException fault)
        {
            // Where the next request would begin, nobody knows.
            context.Response.Headers.Connection = "close";
            await faults.WriteAsync(context, RequestFault.Of(fault));
        }
    }

    static Task Refuse(HttpContext context)
    {
        context.Response.Headers.WWWAuthenticate = "Bearer";
        context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        return Task.CompletedTask;
    }
}
