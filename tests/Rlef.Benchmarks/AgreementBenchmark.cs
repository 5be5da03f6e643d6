using System.CommandLine;
using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Nodes;
using Rlef.Evaluation.Samples;
using Rlef.Execution;
using Rlef.Goldens;
using Rlef.Problems;

namespace Rlef.Benchmarks;

/// <summary>
/// Verdicts beside those of the published harnesses, each difference with its cause: HumanEval's usual harness is run here, on references and variants of
/// them and on a model's samples, and on MBPP in the same way; what EvalPlus, LiveCodeBench and others said was recorded.
/// </summary>
static class AgreementBenchmark
{
    public static Task<int> RunAsync(string[] args)
    {
        var samples = new Option<FileInfo>("--samples") { Description = "HumanEval samples of a model too, a JSON object with task_id and completion a line." };
        var command = new RootCommand("Sets verdicts beside those of the published harnesses.") { samples.AcceptExistingOnly() };
        command.SetAction(async (parse, cancellation) =>
        {
            string[] missing = [.. ((string[])[ScoringBenchmark.HumanEval, ProblemSets.Mbpp, SharedData.File("goldens")]).Where(p => !Path.Exists(p))];
            if (missing.Length > 0)
            {
                Console.Error.WriteLine($"{Path.GetFullPath(missing[0])} is missing");
                return 1;
            }
            await using var sandbox = await LocalSandbox.StartAsync(cancellation: cancellation);
            List<Tally> tallies = [await HumanEvalAsync(sandbox, cancellation), await MbppAsync(sandbox, cancellation)];
            if (parse.GetValue(samples) is { } file)
                tallies.Add(await SamplesAsync(sandbox, file.FullName, cancellation));
            foreach (var recorded in (IGoldenFile[])[.. Programs.All(sandbox), .. Samples.All(sandbox)])
                if (SharedData.File("goldens", recorded.Name) is var path && File.Exists(path) && recorded.Needs.All(File.Exists))
                    tallies.Add(Printed(new(recorded.Name), recorded.Departures, await recorded.RunAsync(await GoldenRows.ReadAsync(path, cancellation), cancellation)));
            Console.WriteLine(new JsonObject
            {
                ["benchmark"] = "agreement",
                ["agree"] = tallies.Sum(t => t.Agree),
                ["depart"] = tallies.Sum(t => t.Departed),
                ["differ"] = tallies.Sum(t => t.Differ),
            }.ToJsonString(new JsonSerializerOptions()));
            return 0;
        });
        return command.Parse(args).InvokeAsync();
    }

    static async Task<Tally> HumanEvalAsync(ISandbox sandbox, CancellationToken cancellation)
    {
        var problems = await ReadAsync(ScoringBenchmark.HumanEval, sandbox, cancellation);
        return await BesideAsync("HumanEval: references and variants of them", ScoringBenchmark.HumanEval, sandbox, ScoringBenchmark.Variants
            .SelectMany(v => problems.Select(p => new Row(p, $"{p.Id}, {v.Name}", p.Id, v.Change(p.Reference![p.CompletionPrefix.Length..])))), cancellation);
    }

    static async Task<Tally> SamplesAsync(ISandbox sandbox, string file, CancellationToken cancellation)
    {
        var reading = await ProblemReader.ReadAsync(ScoringBenchmark.HumanEval, sandbox, cancellation: cancellation);
        var problems = reading.ToSetWithoutFaulty();
        return await BesideAsync($"HumanEval: {Path.GetFileName(file)}", ScoringBenchmark.HumanEval, sandbox, SampleFile.Read(file, reading).Select(s =>
            new Row(problems[s.Task], $"{s.Task}, line {s.Row + 1}", s.Task, s.Program[problems[s.Task].CompletionPrefix.Length..])), cancellation);
    }

    // In HumanEval's layout: no prompt, the assertions as test code, and a check that has nothing left to do.
    static async Task<Tally> MbppAsync(ISandbox sandbox, CancellationToken cancellation)
    {
        var problems = await ReadAsync(ProblemSets.Mbpp, sandbox, cancellation);
        var file = Path.GetTempFileName();
        try
        {
            await using (var zip = new StreamWriter(new GZipStream(File.Create(file), CompressionLevel.Fastest)))
                foreach (var line in File.ReadLines(ProblemSets.Mbpp).Where(l => l.Length > 0))
                {
                    var record = JsonElement.Parse(line);
                    var tests = string.Join('\n', record.GetProperty("test_list").EnumerateArray().Select(t => t.GetString()));
                    await zip.WriteLineAsync(new JsonObject
                    {
                        ["task_id"] = record.GetProperty("task_id").GetRawText(),
                        ["prompt"] = "",
                        ["test"] = $"{record.GetProperty("test_setup_code").GetString()}\n{tests}\ndef check(candidate):\n    pass\n",
                        ["entry_point"] = "print",
                    }.ToJsonString());
                }
            return await BesideAsync("MBPP: references and variants of them", file, sandbox, ScoringBenchmark.Variants.Where(v => v.Name != "nothing done")
                .SelectMany(v => problems.Select(p => new Row(p, $"Mbpp/{p.Id}, {v.Name}", p.Id, v.Change(p.Reference!)))), cancellation, ListedDepartures.MbppPrograms);
        }
        finally
        {
            File.Delete(file);
        }
    }

    static async Task<ProblemSet> ReadAsync(string set, ISandbox sandbox, CancellationToken cancellation) =>
        (await ProblemReader.ReadAsync(set, sandbox, cancellation: cancellation)).ToSetWithoutFaulty();

    static async Task<Tally> BesideAsync(string name, string problems, ISandbox sandbox, IEnumerable<Row> given, CancellationToken cancellation,
        IReadOnlyList<Departure>? departures = null)
    {
        // Some variants change nothing.
        Row[] rows = [.. given.DistinctBy(r => (r.Task, r.Completion))];
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllLinesAsync(file, rows.Select(r => new JsonObject { ["task_id"] = r.Task, ["completion"] = r.Completion }.ToJsonString()), cancellation);
            var (_, outcomes) = await ProcessPerCheck.RunAsync(problems, file);
            var cases = await Judging.RunAsync(sandbox, [.. rows.Zip(outcomes, (row, outcome) => new GoldenProgram(
                JsonElement.Parse(new JsonObject { ["completion"] = row.Completion }.ToJsonString()), $"{row.Name} ({outcome} there)",
                row.Problem.CompletionPrefix + row.Completion, row.Problem, outcome == "passed"))], cancellation);
            return Printed(new(name), departures ?? ListedDepartures.HumanEvalPrograms, cases);
        }
        finally
        {
            File.Delete(file);
        }
    }

    static Tally Printed(Tally tally, IReadOnlyList<Departure> departures, IEnumerable<GoldenCase> cases)
    {
        tally.Add(departures, cases);
        tally.Print();
        return tally;
    }

    sealed record Row(Problem Problem, string Name, string Task, string Completion);
}
