using System.CommandLine;
using System.Text.Json;
using Rlef.Experiments;
using Rlef.Problems;

namespace Rlef.Cli.Commands;

/// <summary>Problems of repair out of a policy's own mistakes.</summary>
static class DraftsCommand
{
    public static Command Create()
    {
        var file = new Argument<string>("FILE") { Description = "Problems that the policy was evaluated on: a file (JSONL or JSON, .gz may follow) or a folder of packages." };
        var results = new Option<string>("--results")
        {
            Description = "What 'evaluate --out' wrote about the policy on these problems; " +
                "the dialogues are read that it kept beside it.", Required = true,
        };
        var output = new Option<string>("--out") { Description = "File for the problems; .gz at its end compresses it.", Required = true };
        var each = new Option<int>("--each") { Description = "Most drafts of one problem.", DefaultValueFactory = _ => 1 };
        var alone = new Option<bool>("--only-drafts") { Description = "Leave out the problems as they are, without a draft, which otherwise go first." };
        var format = ProblemsCommand.Format();
        var command = new Command("drafts", "Make problems of repair out of a policy's own mistakes: dialogues then begin with a program of its that failed. " +
            "'tune' learns to answer it with the reference, 'train' is paid for its repair. The last line is JSON.\n\n" +
            "Example:  rlef evaluate --policy runs/warm --problems mbpp.jsonl#601-787 --turns 1 --samples 4 --temperature 0.8 --out first.json\n" +
            "          rlef problems drafts mbpp.jsonl#601-787 --results first.json --out repair.jsonl\n" +
            "          rlef tune --policy runs/warm --problems repair.jsonl --out runs/repairing") { file, results, output, each, alone, format };
        var option = SandboxOption.AddTo(command);
        command.SetAction(async (parse, cancellation) =>
        {
            OutputFile.Check(parse.GetValue(output)!, parse.GetValue(file)!, parse.GetValue(results)!);
            await using var sandbox = await option.StartAsync(parse, null, cancellation);
            var read = await ProblemsCommand.ReadAsync(parse.GetValue(file)!, sandbox, parse.GetValue(format), cancellation);
            var problems = read.ToSet();
            var drafts = FailedDrafts.Of(problems, DialogueFile.Beside(parse.GetValue(results)!), parse.GetValue(each));
            ProblemFile.Save(parse.GetValue(output)!, parse.GetValue(alone) ? drafts : [.. problems, .. drafts]);
            Console.WriteLine(JsonSerializer.Serialize(new { problems = problems.Count, with_drafts = drafts.Count(d => d.Id.EndsWith("~1", StringComparison.Ordinal)), drafts = drafts.Count }));
        });
        return command;
    }
}
