using Microsoft.AspNetCore.Builder;
using Rlef.Execution;
using Rlef.Problems;

namespace Rlef.Server;

/// <summary>The judge over HTTP: <c>POST /v1/judge</c>. Faults are problem details (RFC 9457).</summary>
public sealed class JudgeServer : HttpServer
{
    JudgeServer(WebApplication app) : base(app) { }

    /// <param name="sandbox">Runs the programs; stays its owner's.</param>
    /// <param name="problems">What requests may name; null where they bring tests only.</param>
    /// <exception cref="ArgumentException">The address is no loopback address, and there is no key.</exception>
    /// <exception cref="IOException">The address cannot be had.</exception>
    public static async Task<JudgeServer> StartAsync(ISandbox sandbox, ProblemSet? problems, JudgeServerOptions options, CancellationToken cancellation = default)
    {
        var metrics = new JudgeMetrics();
        var app = Build(options, metrics, new ProblemDetailsFormat(), "POST /v1/judge");
        app.MapPost("/v1/judge", new JudgeService(sandbox, problems, options, metrics).AnswerAsync).RequireRateLimiting(Bounded);
        await StartAsync(app, cancellation);
        return new(app);
    }
}
