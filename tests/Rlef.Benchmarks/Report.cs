using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using static TorchSharp.torch;

namespace Rlef.Benchmarks;

/// <summary>The last line of a benchmark: everything in one JSON object.</summary>
static class Report
{
    static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="others">Further texts, such as the versions of libraries on the other side.</param>
    public static void PrintJson(string benchmark, IEnumerable<KeyValuePair<string, double>> figures, params IEnumerable<(string Name, string Value)> others)
    {
        var line = new JsonObject { ["benchmark"] = benchmark, ["libtorch"] = __version__ };
        foreach (var (name, value) in others)
            line[name] = value;
        foreach (var (name, figure) in figures)
            line[name] = Math.Round(figure, 3);
        Console.WriteLine(line.ToJsonString(Json));
    }
}
