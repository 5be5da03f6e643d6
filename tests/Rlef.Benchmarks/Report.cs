using System.Text.Json.Nodes;
using static TorchSharp.torch;

namespace Rlef.Benchmarks;

/// <summary>The last line of a benchmark: everything in one JSON object.</summary>
static class Report
{
    public static void PrintJson(string benchmark, IEnumerable<KeyValuePair<string, double>> figures)
    {
        var line = new JsonObject { ["benchmark"] = benchmark, ["libtorch"] = __version__ };
        foreach (var (name, value) in figures)
            line[name] = Math.Round(value, 3);
        Console.WriteLine(line.ToJsonString());
    }
}
