using System.Globalization;
using Rlef.Execution;

namespace Rlef.Server;

/// <summary>Limits of one test that a request asks for; null leaves one as it is.</summary>
sealed record LowerLimits(double? CpuSeconds = null, double? WallSeconds = null, double? MemoryMb = null, double? OutputKb = null)
{
    // With less no interpreter does anything.
    const double LeastSeconds = 0.01, LeastMemoryMb = 32, LeastOutputKb = 1;

    /// <param name="at">Where they stand in the request.</param>
    /// <exception cref="RequestFault">One is above what is granted, or too low for any program.</exception>
    public Limits Below(Limits granted, string at)
    {
        var memory = (long)(Within("memory_mb", MemoryMb, LeastMemoryMb, granted.MemoryBytes / (double)(1 << 20)) * (1 << 20));
        return granted with
        {
            Cpu = TimeSpan.FromSeconds(Within("cpu_seconds", CpuSeconds, LeastSeconds, granted.Cpu.TotalSeconds)),
            Wall = TimeSpan.FromSeconds(Within("wall_seconds", WallSeconds, LeastSeconds, granted.Wall.TotalSeconds)),
            MemoryBytes = memory,
            StackBytes = Math.Min(granted.StackBytes, memory),
            OutputBytes = (int)(Within("output_kb", OutputKb, LeastOutputKb, granted.OutputBytes / (double)(1 << 10)) * (1 << 10)),
        };

        double Within(string name, double? asked, double least, double most) => asked is not { } value ? most
            : value >= least && value <= most ? value
            : throw new RequestFault(string.Create(CultureInfo.InvariantCulture,
                $"{at}.{name} is {value}; here it may be {least} to {most}. A request lowers limits and never raises them: the problem's own stand in its set, those of other tests are options of the server."));
    }
}
