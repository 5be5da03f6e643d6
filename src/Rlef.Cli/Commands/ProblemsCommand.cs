using System.CommandLine;
using System.Text.Json;
using Rlef.Execution;
using Rlef.Experiments;
using Rlef.Problems;
using Rlef.Problems.Nano;

namespace Rlef.Cli.Commands;

static class ProblemsCommand
{
    public static Command Create() => new("problems", "Check problem sets, and make those of the nano world.") { Validate(), Generate() };

    static Command Validate()
    {
        var file = new Argument<string>("FILE") { Description = "Problems, one JSON object a line; .gz may follow." };
        var json = new Option<bool>("--json") { Description = "Print nothing but the closing JSON line." };
        var command = new Command("validate", "Let the judge run every reference, which must pass, and the empty program, which must not.\n\n" +
            "Example:  rlef problems validate data/nano/test.jsonl") { file, json };
        command.SetAction(async (parse, cancellation) =>
        {
            var problems = ProblemFile.Load(parse.GetValue(file)!);
            await using var sandbox = await LocalSandbox.StartAsync(cancellation: cancellation);
            var result = await ProblemSetValidator.ValidateAsync(problems, new Judge(sandbox), cancellation: cancellation);
            if (!parse.GetValue(json))
                foreach (var fault in result.Faults)
                    Console.WriteLine($"{parse.GetValue(file)}: problem '{fault.Problem}', field '{fault.Field}': {fault.What}");
            Console.WriteLine(JsonSerializer.Serialize(new
            {
                problems = result.Problems,
                references = result.References,
                accepted = result.Accepted,
                empty_rejected = result.EmptyRejected,
                faults = result.Faults.Count,
            }));
            return result.Faults.Count == 0 ? 0 : 1;
        });
        return command;
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
