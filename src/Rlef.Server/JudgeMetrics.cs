using System.Diagnostics;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using Prometheus;

namespace Rlef.Server;

/// <summary>What the judge's server counts for Prometheus, beside the process. No label has a value that a client chooses: each would take memory for good.</summary>
sealed class JudgeMetrics
{
    readonly Counter judged;
    readonly Gauge underWay;
    readonly Histogram programs, requests;

    public JudgeMetrics()
    {
        var metrics = Metrics.WithCustomRegistry(Registry);
        judged = metrics.CreateCounter("rlef_judge_programs_total", "Programs judged, by verdict.", "verdict");
        underWay = metrics.CreateGauge("rlef_judge_programs_in_progress", "Programs that run or wait for a worker.");
        var buckets = Histogram.ExponentialBuckets(0.01, 2, 14);
        programs = metrics.CreateHistogram("rlef_judge_program_seconds", "From a program's arrival to its verdict, waiting included.", new HistogramConfiguration { Buckets = buckets });
        requests = metrics.CreateHistogram("rlef_judge_request_seconds", "Requests of any kind, by status.", ["status"], new HistogramConfiguration { Buckets = buckets });
        DotNetStats.Register(Registry);
    }

    public CollectorRegistry Registry { get; } = Metrics.NewCustomRegistry();

    public async Task ObserveAsync(HttpContext context, RequestDelegate next)
    {
        var started = Stopwatch.GetTimestamp();
        await next(context);
        requests.WithLabels(context.Response.StatusCode.ToString(CultureInfo.InvariantCulture)).Observe(Stopwatch.GetElapsedTime(started).TotalSeconds);
    }

    public async Task<ProgramResult> CountAsync(Func<Task<ProgramResult>> judge)
    {
        var started = Stopwatch.GetTimestamp();
        using var _ = underWay.TrackInProgress();
        var result = await judge();
        programs.Observe(Stopwatch.GetElapsedTime(started).TotalSeconds);
        judged.WithLabels(result.Verdict).Inc();
        return result;
    }
}
