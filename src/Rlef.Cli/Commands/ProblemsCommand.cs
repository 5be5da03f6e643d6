using System.CommandLine;
using System.Text.Json;
using Rlef.Execution;
using Rlef.Experiments;
using Rlef.Problems;
using Rlef.Problems.Micro;
using Rlef.Problems.Nano;
using Rlef.Storage;

namespace Rlef.Cli.Commands;

static class ProblemsCommand
{
    public static Command Create() => new("problems", "Check problem sets, choose from them, turn a policy's mistakes into some, and make those of the worlds.")
    {
        Validate(), Overlap(), Generate(), CertifyCommand.Create(), SelectCommand.Create(), DraftsCommand.Create(),
    };

    /// <summary>Reads a set, and says on standard error how far it is.</summary>
    public static Task<ProblemReading> ReadAsync(string file, ISandbox sandbox, string? format, CancellationToken cancellation) =>
        StandardError.ProgressAsync("reading", done => ProblemReader.ReadAsync(file, sandbox, format, done, cancellation));

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
                Console.WriteLine(JsonSerializer.Serialize(new { problems = 0, references = 0, accepted = 0, empty_rejected = 0, faults = 1, error = e.Message }, JsonText.Line));
                return 1;
            }
        });
        return command;
    }

    static async Task<int> ValidateAsync(string file, string? format, bool json, Func<Task<ISandbox>> start, CancellationToken cancellation)
    {
        await using var sandbox = await start();
        var reading = await ReadAsync(file, sandbox, format, cancellation);
        var result = await StandardError.ProgressAsync("judging", done => ProblemSetValidator.ValidateAsync(reading.ToSetWithoutFaulty(),
            new EvaluationJudge(sandbox), Counter(done, reading.Problems.Length), cancellation));
        var places = reading.Problems.ToDictionary(p => p.Problem.Id);
        ProblemFault[] faults = [.. reading.Faults.Concat(result.Faults.Select(f =>
            new ProblemFault(places[f.Problem].File, places[f.Problem].Line, f.Problem, f.Field, f.What))).OrderBy(f => f.Line)];
        foreach (var fault in faults)
            Console.WriteLine(json
                ? JsonSerializer.Serialize(new { file = fault.File, line = fault.Line, problem = fault.Problem, field = fault.Field, reason = fault.Reason }, JsonText.Line)
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

    static Command Overlap()
    {
        var first = new Argument<string>("FIRST") { Description = "Problems to train on." };
        var second = new Argument<string>("SECOND") { Description = "Problems to evaluate on." };
        var command = new Command("overlap", "Name the problems that stand in both sets, by whatever id: the same statement, the same reference, or a function of the same name and much of the " +
            "same statement. The last line is JSON; the exit code is 1 if there are any.\n\nExample:  rlef problems overlap HumanEvalPack.jsonl HumanEval.jsonl") { first, second };
        command.SetAction(parse =>
        {
            var shared = ProblemOverlap.Find(parse.GetValue(first)!, parse.GetValue(second)!);
            foreach (var pair in shared)
                Console.WriteLine($"{pair.First} is {pair.Second}: the same {pair.By}");
            Console.WriteLine(JsonSerializer.Serialize(new { pairs = shared.Length, first = shared.DistinctBy(p => p.First).Count(), second = shared.DistinctBy(p => p.Second).Count() }));
            return shared.IsEmpty ? 0 : 1;
        });
        return command;
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
        var world = ChoiceOption.Create("--world", "nano or micro.", "nano", "nano", "micro");
        var output = new Option<string?>("--out") { Description = "Folder for the sets; by default the world's own in data." };
        var hidden = new Option<double?>("--hidden") { Description = "Of the micro world: share of problems whose statement withholds something; none by default." };
        var difficulties = new Option<int[]>("--difficulty")
        {
            Description = "Of the nano world, for its training set: how many things statements leave out, 0 to 3, once for each; " +
                "by default 1, 2 and 3.",
        };
        var seed = new Option<ulong?>("--seed")
        {
            Description = $"Of the nano world: draws the problems; {NanoSets.Seed} by default, as the shipped ones. " +
                "Whatever it is, a composition of steps stays in its split.",
        };
        var command = new Command("generate", "Make the problem sets of a world, the same every time; the micro world's programs run in the sandbox for some minutes.\n\n" +
            "Example:  rlef problems generate --world micro") { world, output, hidden, difficulties, seed };
        command.Validators.Add(result =>
        {
            var isNano = result.GetValue(world) != "micro";
            if (isNano && result.GetResult(hidden) is not null)
                result.AddError("--hidden is of the micro world; the nano world has --difficulty.");
            if (!isNano && (result.GetResult(difficulties) is not null || result.GetResult(seed) is not null))
                result.AddError("--difficulty and --seed are of the nano world; the micro world has --hidden.");
        });
        var sandbox = SandboxOption.AddTo(command);
        command.SetAction(async (parse, cancellation) =>
        {
            var name = parse.GetValue(world)!;
            var folder = parse.GetValue(output) ?? Home.File("data", name);
            Folder.Create(folder);
            if (name == "nano")
            {
                foreach (var (split, tasks) in NanoSets.All(parse.GetValue(seed) ?? NanoSets.Seed, parse.GetValue(difficulties) ?? []))
                {
                    cancellation.ThrowIfCancellationRequested();
                    Save(folder, split.ToString().ToLowerInvariant() + ".jsonl", [.. tasks.Select(t => t.ToProblem())]);
                }
                return;
            }
            await using var programs = await sandbox.StartAsync(parse, null, cancellation);
            await foreach (var (set, problems) in MicroSets.MakeAsync(programs, parse.GetValue(hidden) ?? 0, cancellation))
                Save(folder, set + ".jsonl.gz", problems);
        });
        return command;
    }

    static void Save(string folder, string name, IReadOnlyList<Problem> problems)
    {
        var path = Path.Combine(folder, name);
        if (File.Exists(path) && ProblemFile.Digest(ProblemFile.Load(path)) != ProblemFile.Digest(problems))
            throw new ArgumentException($"{path} holds other problems; name another folder with --out.");
        ProblemFile.Save(path, problems);
        Console.WriteLine($"{path}: {problems.Count} problems");
    }
}
