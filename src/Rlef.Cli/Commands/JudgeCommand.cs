using System.CommandLine;
using Rlef.Evaluation.Samples;
using Rlef.Execution;
using Rlef.Problems;
using Rlef.Storage;

namespace Rlef.Cli.Commands;

/// <summary>Says why a program fails.</summary>
static class JudgeCommand
{
    public static Command Create()
    {
        var file = new Argument<string>("FILE") { Description = "A Python program." };
        var problems = new Option<string>("--problems") { Description = "Problems: a file or folder, as of evaluate.", Required = true };
        var id = new Option<string?>("--problem") { Description = "Id of the problem; not needed where there is only one." };
        var format = ProblemsCommand.Format();
        var most = new Option<int>("--most") { Description = "Failed tests to show in full.", DefaultValueFactory = _ => 5 };
        var command = new Command("judge", "Judge one program on one problem, and show every test: input, expected output, what came instead and where it differs, limits, traceback. " +
            "The exit code is 0 if all are accepted.\n\nExample:  rlef judge solution.py --problem HumanEval/17 --problems HumanEval.jsonl.gz")
        {
            file, problems, id, format, most, JudgeServeCommand.Create(),
        };
        var sandbox = SandboxOption.AddTo(command);
        command.SetAction(async (parse, cancellation) =>
        {
            var program = Utf8File.Read(parse.GetValue(file)!);
            await using var opened = await sandbox.StartAsync(parse, 1, cancellation);
            var problem = await ProblemReader.ReadOneAsync(parse.GetValue(problems)!, parse.GetValue(id), opened, parse.GetValue(format), cancellation);
            var judgement = await new EvaluationJudge(opened).JudgeAsync(program, problem, problem.AllTests, cancellation: cancellation);
            new JudgementReport(Terminal.Output, problem, parse.GetValue(most)).Write(judgement);
            if (judgement.Kind == VerdictKind.CompileError && new Sample(0, problem.Id, 0, program).Blemish is { } blemish)
                Console.Error.WriteLine($"The file has {blemish}, which is no Python.");
            return judgement.Accepted ? 0 : 1;
        });
        return command;
    }
}
