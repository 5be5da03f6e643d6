using System.CommandLine;
using System.Text.Json;
using Rlef.Experiments;
using Rlef.Problems;

namespace Rlef.Cli.Commands;

/// <summary>Problems that reinforcement can learn from.</summary>
static class SelectCommand
{
    public static Command Create()
    {
        var file = new Argument<string>("FILE") { Description = "Problems to train on: a file (JSONL or JSON, .gz may follow) or a folder of packages." };
        var results = new Option<string>("--results") { Description = "What 'evaluate --out' wrote about the policy on these problems.", Required = true };
        var output = new Option<string>("--out") { Description = "File for the problems that are left; .gz at its end compresses it.", Required = true };
        var format = ProblemsCommand.Format();
        var command = new Command("select", "Keep the problems that a policy solves sometimes: what it never or always solves teaches nothing. The last line is JSON.\n\n" +
            "Example:  rlef evaluate --policy my-base --problems train.jsonl --turns 1 --samples 8 --out solved.json\n" +
            "          rlef problems select train.jsonl --results solved.json --out open.jsonl") { file, results, output, format };
        var option = SandboxOption.AddTo(command);
        command.SetAction(async (parse, cancellation) =>
        {
            OutputFile.Check(parse.GetValue(output)!, parse.GetValue(file)!, parse.GetValue(results)!);
            await using var sandbox = await option.StartAsync(parse, null, cancellation);
            var problems = await ProblemsCommand.ReadAsync(parse.GetValue(file)!, sandbox, parse.GetValue(format), cancellation);
            var open = OpenProblems.Of(problems.ToSet(), parse.GetValue(results)!);
            ProblemFile.Save(parse.GetValue(output)!, open.Problems);
            Console.WriteLine(JsonSerializer.Serialize(new { problems = open.Never + open.Always + open.Problems.Length, never = open.Never, always = open.Always, kept = open.Problems.Length }));
        });
        return command;
    }
}
