using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Rlef.Policy;
using static TorchSharp.torch;

namespace Rlef.Benchmarks;

/// <summary>The same model in Python's torch, in a process of its own on the same library and number of threads. The two sides take turns.</summary>
sealed class PythonPeer : IDisposable
{
    readonly Process process;

    PythonPeer(Process process) => this.process = process;

    public static PythonPeer Start(ModelConfig model, string measure, params (string Name, int Value)[] sizes)
    {
        var config = JsonNode.Parse(model.ToJson())!;
        config["measure"] = measure;
        config["threads"] = get_num_threads();
        foreach (var (name, value) in sizes)
            config[name] = value;
        var start = new ProcessStartInfo("/usr/bin/python3", [Path.Combine(AppContext.BaseDirectory, "reference_model.py"), config.ToJsonString()])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        return new(Process.Start(start) ?? throw new InvalidOperationException("/usr/bin/python3 does not start."));
    }

    /// <summary>Runs both sides in turn, once to warm up; medians in milliseconds.</summary>
    public async Task<(double Ours, double Python)> CompareAsync(int rounds, Func<double> ours)
    {
        List<double> mine = [], theirs = [];
        for (var round = 0; round <= rounds; round++)
        {
            await process.StandardInput.WriteLineAsync();
            await process.StandardInput.FlushAsync();
            var answer = await process.StandardOutput.ReadLineAsync()
                ?? throw new InvalidOperationException("Python's torch did not answer. It is installed by: apt-get install python3-torch");
            var value = ours();
            if (round == 0)
                continue;
            theirs.Add(double.Parse(answer, CultureInfo.InvariantCulture));
            mine.Add(value);
        }
        return (Median(mine), Median(theirs));
    }

    static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    /// <summary>The last line of a benchmark: everything in one JSON object.</summary>
    public static void PrintJson(string benchmark, IEnumerable<KeyValuePair<string, double>> figures)
    {
        var line = new JsonObject { ["benchmark"] = benchmark, ["threads"] = get_num_threads(), ["libtorch"] = __version__ };
        foreach (var (name, value) in figures)
            line[name] = Math.Round(value, 3);
        Console.WriteLine(line.ToJsonString(new JsonSerializerOptions()));
    }

    public void Dispose()
    {
        process.StandardInput.Close();
        process.WaitForExit();
        process.Dispose();
    }
}
