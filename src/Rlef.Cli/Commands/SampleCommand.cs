using System.Globalization;
using Rlef.Evaluation.Samples;
using Rlef.Execution;
using Rlef.Problems;

namespace Rlef.Cli.Commands;

/// <summary>The part of <c>rlef evaluate</c> that scores samples made elsewhere.</summary>
static class SampleCommand
{
    public static async Task<int> ScoreAsync(string problems, string? format, string samples, int[] ks, string? output, bool allTests, bool details, Func<Task<ISandbox>> start,
        CancellationToken cancellation)
    {
        if (!File.Exists(samples))
            throw new FileNotFoundException($"{samples} {(Directory.Exists(samples) ? "is a folder" : "does not exist")}. " +
                "--samples takes a file of samples, or the number of dialogues for each problem.");
        if (output is not null)
            OutputFile.Check(output, problems, samples);
        else if (details)
            throw new ArgumentException("--details needs --out: the file that they are written to.");
        await using var sandbox = await start();
        var reading = await ProblemsCommand.ReadAsync(problems, sandbox, format, cancellation);
        foreach (var fault in reading.Faults)
            Console.Error.WriteLine($"not judged: {fault}");
        var journal = output is null ? null : output + ".journal";
        var scores = await StandardError.ProgressAsync("judging", done =>
            new SampleScorer(reading, sandbox, stopAtFirstFailure: !allTests, details: details).ScoreAsync(samples, journal, done, cancellation));
        Print(scores, ks);
        if (output is not null)
        {
            scores.Save(output, ks);
            if (scores.Failed == 0)
                File.Delete(journal!);
            Console.WriteLine(output);
        }
        return scores.Failed == 0 ? 0 : 1;
    }

    static void Print(SampleScores scores, int[] ks)
    {
        foreach (var k in ks.Where(k => k <= scores.LargestK))
        {
            Console.WriteLine($"pass@{k,-4} {scores.PassAtK(k)}");
            foreach (var n in (int[])[1, 10])
                if (n <= k && k > 1 && scores.NAtK(n, k) is { } rate)
                    Console.WriteLine($"{$"{n}@{k}",-9} {rate}");
        }
        foreach (var (kind, count) in scores.Histogram)
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{kind,-20} {count,7} {100.0 * count / scores.Histogram.Sum(h => h.Count),6:F1} %"));
        if (!scores.Tasks.IsEmpty && ks.Where(k => k > scores.LargestK).ToArray() is { Length: > 0 } large)
            Console.Error.WriteLine($"No pass@k for k = {string.Join(", ", large)}: a problem has only {Count(scores.LargestK, "sample")}.");
        if (scores.WithoutSamples is { IsEmpty: false } missing)
            Console.Error.WriteLine($"No samples for {Count(missing.Length, "problem")}, such as {missing[0]}; no part of the scores.");
        foreach (var (what, count) in scores.Blemishes)
            Console.Error.WriteLine($"{Count(count, "sample")} with {what} could not be compiled: samples are judged as they are. " +
                (what.Contains('`') ? "Take the code out of its block first: ./rlef extract." : "Take it off first."));
        if (scores.Unread.Where(t => t.Samples > 0).ToArray() is { Length: > 0 } unread)
            Console.Error.WriteLine($"Not judged: {Count(unread.Sum(t => t.Samples), "sample")} for {Count(unread.Length, "problem")} that cannot be read or whose checker fails; " +
                $"no part of the scores. Such as '{unread[0].TaskId}': {unread[0].Reason}");
        if (scores.Failed > 0)
            Console.Error.WriteLine($"The sandbox failed on {Count(scores.Failed, "sample")}, not counted. Run the command again to judge what is missing.");
    }

    static string Count(int count, string thing) => $"{count} {thing}{(count == 1 ? "" : "s")}";
}
