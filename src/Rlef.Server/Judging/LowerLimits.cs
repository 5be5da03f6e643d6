using Rlef.Execution;

namespace Rlef.Server;

/// <summary>Limits of one test that a request asks for.</summary>
static class LowerLimits
{
    // With less no interpreter does anything.
    const double LeastSeconds = 0.01, LeastMemoryMb = 32, LeastOutputKb = 1;

    const string Hint = "A request lowers limits and never raises them: the problem's own stand in its set, those of other tests are options of the server.";

    /// <summary>Those that are granted, with what is asked for in their place.</summary>
    /// <exception cref="RequestFault">One is above what is granted, or too low for any program.</exception>
    public static Limits Below(this RequestFields asked, Limits granted)
    {
        var memory = (long)(Within("memory_mb", LeastMemoryMb, granted.MemoryBytes / (double)(1 << 20)) * (1 << 20));
        var limits = granted with
        {
            Cpu = TimeSpan.FromSeconds(Within("cpu_seconds", LeastSeconds, granted.Cpu.TotalSeconds)),
            Wall = TimeSpan.FromSeconds(Within("wall_seconds", LeastSeconds, granted.Wall.TotalSeconds)),
            MemoryBytes = memory,
            StackBytes = Math.Min(granted.StackBytes, memory),
            OutputBytes = (int)(Within("output_kb", LeastOutputKb, granted.OutputBytes / (double)(1 << 10)) * (1 << 10)),
        };
        asked.RefuseOthers();
        return limits;

        double Within(string name, double least, double most) => asked.Number(name, least, most, hint: Hint) ?? most;
    }
}
