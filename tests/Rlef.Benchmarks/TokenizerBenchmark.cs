using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Rlef.Experiments;
using Rlef.Policy;

namespace Rlef.Benchmarks;

/// <summary>Text encoded on one core beside Hugging Face's tokenizers library, which is written in Rust. The texts are the laboratory's own sources and problems.</summary>
public static class TokenizerBenchmark
{
    const int Timed = 9;
    const string Package = "@anush008/tokenizers";

    /// <param name="args">Folders with a tokenizer.json; none for the base policy's.</param>
    public static async Task<int> RunAsync(string[] args)
    {
        var texts = Texts();
        var megabytes = texts.Sum(Encoding.UTF8.GetByteCount) / 1e6;
        var textFile = Path.GetTempFileName();
        await File.WriteAllTextAsync(textFile, JsonSerializer.Serialize(texts));
        Dictionary<string, double> figures = new() { ["texts"] = texts.Length, ["megabytes"] = megabytes };
        try
        {
            Console.WriteLine($"{texts.Length:N0} texts of {megabytes:F2} MB in all, one core");
            Console.WriteLine($"{"tokenizer",-12}{"tokens",10}{"rlef MB/s",11}{"Rust MB/s",11}{"ratio",7}{"differences",13}   (higher ratio is better)");
            foreach (var folder in args.Length > 0 ? args : [Home.File("data", "nano", "base")])
            {
                var (name, path) = (Path.GetFileName(Path.GetFullPath(folder)), Path.GetFullPath(Path.Combine(folder, "tokenizer.json")));
                var tokenizer = TokenizerFile.Load(path);
                using var rust = Peer.Rust(PackageFolder(), path, textFile, out var counts);
                var timings = await Rounds.CompareAsync(Timed, maxThreads: 1, Contender.Ours(_ =>
                {
                    var started = Stopwatch.GetTimestamp();
                    foreach (var text in texts)
                        tokenizer.EncodeMarkup(text);
                    return Stopwatch.GetElapsedTime(started).TotalMilliseconds;
                }), rust.Side);
                var ours = texts.Select(t => tokenizer.EncodeMarkup(t).Length).ToArray();
                var differences = ours.Zip(counts).Count(p => p.First != p.Second);
                var (rate, rustRate) = (megabytes / timings[0].Milliseconds * 1e3, megabytes / timings[1].Milliseconds * 1e3);
                Console.WriteLine($"{name,-12}{ours.Sum(),10:N0}{rate,11:F2}{rustRate,11:F2}{rate / rustRate,7:F2}{differences,13}");
                (figures[$"{name}_mb_per_second"], figures[$"{name}_rust_mb_per_second"], figures[$"{name}_ratio"], figures[$"{name}_differences"]) = (rate, rustRate, rate / rustRate, differences);
            }
        }
        finally
        {
            File.Delete(textFile);
        }
        Report.PrintJson("tokenizer", figures);
        return 0;
    }

    static string[] Texts() => [.. Directory.EnumerateFiles(Home.File("src"), "*.cs", SearchOption.AllDirectories).Concat(Directory.EnumerateFiles(Home.Folder, "*.md"))
        .Order(StringComparer.Ordinal).Select(File.ReadAllText), .. File.ReadLines(Home.File("data", "nano", "train.jsonl")).Take(500)];

    static string PackageFolder()
    {
        var root = Home.File("artifacts", "npm");
        var folder = Path.Combine([root, "node_modules", .. Package.Split('/')]);
        if (!Directory.Exists(folder))
            Peer.Prepare("npm", ["install", "--prefix", root, "--no-audit", "--no-fund", "--loglevel=error", $"{Package}@0.6.0"],
                $"npm could not fetch {Package}, to which the tokenizer is compared.");
        return folder;
    }
}
