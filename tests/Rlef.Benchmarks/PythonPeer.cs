using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Rlef.Policy;
using static TorchSharp.torch;

namespace Rlef.Benchmarks;

/// <summary>The same model in Python's torch, in a process of its own on the same library. The two sides take turns.</summary>
sealed class PythonPeer : IDisposable
{
    static readonly int all = get_num_threads();
    readonly Process process;

    PythonPeer(Process process) => this.process = process;

    public static PythonPeer Start(ModelConfig model, string measure, params (string Name, int Value)[] sizes)
    {
        var config = JsonNode.Parse(model.ToJson())!;
        config["measure"] = measure;
        foreach (var (name, value) in sizes)
            config[name] = value;
        var start = new ProcessStartInfo("/usr/bin/python3", [Path.Combine(AppContext.BaseDirectory, "reference_model.py"), config.ToJsonString()])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        return new(Process.Start(start) ?? throw new InvalidOperationException("/usr/bin/python3 does not start."));
    }

    /// <summary>
    /// Runs both sides in turn; medians in milliseconds. Each side first tries all threads and one, for on a busy machine waiting threads cost more
    /// than they bring, and keeps what serves it better.
    /// </summary>
    /// <param name="ours">One round with a number of threads, in milliseconds.</param>
    public async Task<Comparison> CompareAsync(int rounds, Func<int, double> ours)
    {
        var (mine, theirs) = (await BestAsync(t => Task.FromResult(ours(t))), await BestAsync(PythonAsync));
        List<double> myTimes = [], theirTimes = [];
        for (var round = 0; round < rounds; round++)
        {
            theirTimes.Add(await PythonAsync(theirs));
            myTimes.Add(ours(mine));
        }
        return new(Median(myTimes), mine, Median(theirTimes), theirs);

        async Task<int> BestAsync(Func<int, Task<double>> run)
        {
            if (all == 1)
            {
                await run(1);   // warm-up
                return 1;
            }
            var (one, many) = (double.MaxValue, double.MaxValue);
            for (var i = 0; i < 2; i++)
                (one, many) = (Math.Min(one, await run(1)), Math.Min(many, await run(all)));
            return one < many ? 1 : all;
        }
    }

    async Task<double> PythonAsync(int threads)
    {
        await process.StandardInput.WriteLineAsync($"{threads}");
        await process.StandardInput.FlushAsync();
        var answer = await process.StandardOutput.ReadLineAsync()
            ?? throw new InvalidOperationException("Python's torch did not answer. It is installed by: apt-get install python3-torch");
        return double.Parse(answer, CultureInfo.InvariantCulture);
    }

    static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    /// <summary>The last line of a benchmark: everything in one JSON object.</summary>
    public static void PrintJson(string benchmark, IEnumerable<KeyValuePair<string, double>> figures)
    {
        var line = new JsonObject { ["benchmark"] = benchmark, ["libtorch"] = __version__ };
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
