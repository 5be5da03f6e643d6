using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using Rlef.Execution;
using Rlef.Experiments;
using Rlef.Problems;
using Rlef.Problems.Nano;

namespace Rlef.Cli.Commands;

static class ProblemsCommand
{
    static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Command Create() => new("problems", "Check problem sets, and make those of the nano world.") { Validate(), Generate() };

    static Command Validate()
    {
        var file = new Argument<string>("FILE") { Description = "Problems: a file (JSONL or JSON, .gz may follow) or a folder of packages." };
        var format = Format();
        var json = new Option<bool>("--json") { Description = "Print every fault as a JSON line too." };
        var command = new Command("validate", "Let the judge run every reference, which must pass, and the empty program, which must not. The last line is JSON.\n\n" +
            "Example:  rlef problems validate data/nano/test.jsonl") { file, format, json };
        var option = SandboxOption.AddTo(command);
        command.SetAction(async (parse, cancellation) =>
        {
            try
            {
                return await ValidateAsync(parse.GetValue(file)!, parse.GetValue(format), parse.GetValue(json), () => option.StartAsync(parse, null, cancellation), cancellation);
            }
            catch (Exception e) when (ErrorBoundary.IsUsers(e))
            {
                ErrorBoundary.Tell(e, parse);
                Console.WriteLine(JsonSerializer.Serialize(new { problems = 0, references = 0, accepted = 0, empty_rejected = 0, faults = 1, error = e.Message }, Json));
                return 1;
            }
        });
        return command;
    }

    static async Task<int> ValidateAsync(string file, string? format, bool json, Func<Task<ISandbox>> start, CancellationToken cancellation)
    {
        await using var sandbox = await start();
        var reading = await StandardError.ProgressAsync("reading", done => ProblemReader.ReadAsync(file, sandbox, format, done, cancellation));
        var result = await StandardError.ProgressAsync("judging", done => ProblemSetValidator.ValidateAsync(reading.ToSetWithoutFaulty(),
            new EvaluationJudge(sandbox), Counter(done, reading.Problems.Length), cancellation));
        var places = reading.Problems.ToDictionary(p => p.Problem.Id);
        ProblemFault[] faults = [.. reading.Faults.Concat(result.Faults.Select(f =>
            new ProblemFault(places[f.Problem].File, places[f.Problem].Line, f.Problem, f.Field, f.What))).OrderBy(f => f.Line)];
        foreach (var fault in faults)
            Console.WriteLine(json
                ? JsonSerializer.Serialize(new { file = fault.File, line = fault.Line, problem = fault.Problem, field = fault.Field, reason = fault.Reason }, Json)
                : fault.ToString());
        if (result.References < result.Problems)
            Console.Error.WriteLine($"No reference for {result.Problems - result.References} of {result.Problems} problems: nothing shows that they can be solved.");
        Console.WriteLine(JsonSerializer.Serialize(new
        {
            problems = reading.Records,
            references = reading.References,
            accepted = result.Accepted,
            empty_rejected = result.EmptyRejected,
            faults = faults.Length,
        }));
        return faults.Length == 0 ? 0 : 1;
    }

    /// <summary>The option that overrides what a file's content says.</summary>
    public static Option<string?> Format()
    {
        var option = new Option<string?>("--format") { Description = "Format of the problems; by default the content decides." };
        option.AcceptOnlyFromAmong([.. ProblemReader.Formats]);
        return option;
    }

    static IProgress<int> Counter(IProgress<(int Done, int Total)> done, int total) => new Counted(done, total);

    sealed class Counted(IProgress<(int Done, int Total)> done, int total) : IProgress<int>
    {
        public void Report(int value) => done.Report((value, total));
    }

    static Command Generate()
    {
        var output = new Option<string>("--out") { Description = "Folder for train, validation and test.jsonl.", DefaultValueFactory = _ => Home.File("data", "nano") };
        var seed = new Option<ulong>("--seed") { Description = "Seed of all three sets.", DefaultValueFactory = _ => NanoSets.Seed };
        var command = new Command("generate", "Make the nano world's problem sets. The same seed gives the same files.") { output, seed };
        command.SetAction(parse =>
        {
            var folder = parse.GetValue(output)!;
            Directory.CreateDirectory(folder);
            foreach (var (split, tasks) in NanoSets.All(parse.GetValue(seed)))
            {
                var path = Path.Combine(folder, split.ToString().ToLowerInvariant() + ".jsonl");
                ProblemFile.Save(path, tasks.Select(t => t.ToProblem()));
                Console.WriteLine($"{path}: {tasks.Count} problems");
            }
        });
        return command;
    }
}
