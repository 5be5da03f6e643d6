using System.Diagnostics;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using Prometheus;

namespace Rlef.Server;

/// <summary>What a server counts for Prometheus, beside the process. No label has a value that a client chooses: each would take memory for good.</summary>
abstract class RequestMetrics
{
    readonly Histogram requests;

    /// <param name="prefix">With which its names begin.</param>
    protected RequestMetrics(string prefix)
    {
        Factory = Metrics.WithCustomRegistry(Registry);
        requests = Factory.CreateHistogram($"{prefix}_request_seconds", "Requests of any kind, by status.", ["status"], new HistogramConfiguration { Buckets = Buckets });
        DotNetStats.Register(Registry);
    }

    public CollectorRegistry Registry { get; } = Metrics.NewCustomRegistry();

    protected MetricFactory Factory { get; }

    /// <summary>Of histograms in seconds.</summary>
    protected static double[] Buckets { get; } = Histogram.ExponentialBuckets(0.01, 2, 16);

    public async Task ObserveAsync(HttpContext context, RequestDelegate next)
    {
        var started = Stopwatch.GetTimestamp();
        await next(context);
        requests.WithLabels(context.Response.StatusCode.ToString(CultureInfo.InvariantCulture)).Observe(Stopwatch.GetElapsedTime(started).TotalSeconds);
    }
}
