using System.Diagnostics;
using Prometheus;

namespace Rlef.Server;

/// <summary>What the judge's server counts.</summary>
sealed class JudgeMetrics : RequestMetrics
{
    readonly Counter judged;
    readonly Gauge underWay;
    readonly Histogram programs;

    public JudgeMetrics() : base("rlef_judge")
    {
        judged = Factory.CreateCounter("rlef_judge_programs_total", "Programs judged, by verdict.", "verdict");
        underWay = Factory.CreateGauge("rlef_judge_programs_in_progress", "Programs that run or wait for a worker.");
        programs = Factory.CreateHistogram("rlef_judge_program_seconds", "From a program's arrival to its verdict, waiting included.", new HistogramConfiguration { Buckets = Buckets });
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
