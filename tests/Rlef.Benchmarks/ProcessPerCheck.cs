using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Rlef.Execution;

namespace Rlef.Benchmarks;

/// <summary>The usual harness of HumanEval, which starts a process for every check (<c>process_per_check.py</c>).</summary>
static class ProcessPerCheck
{
    /// <param name="problems">In HumanEval's layout, gzipped.</param>
    /// <param name="samples">A JSON object with <c>task_id</c> and <c>completion</c> a line.</param>
    /// <returns>For each sample <c>passed</c>, <c>timed out</c>, or the type of its error.</returns>
    public static async Task<(double Seconds, string[] Outcomes)> RunAsync(string problems, string samples)
    {
        var script = Path.Combine(AppContext.BaseDirectory, "process_per_check.py");
        using var process = Process.Start(new ProcessStartInfo("/usr/bin/python3", [script, problems, samples, $"{Sandbox.DefaultWorkers}"]) { RedirectStandardOutput = true })!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        var json = JsonNode.Parse(output) ?? throw new InvalidOperationException($"{script} ended with exit code {process.ExitCode}.");
        return (json["seconds"]!.GetValue<double>(), json["outcomes"].Deserialize<string[]>()!);
    }
}
