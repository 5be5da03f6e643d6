using System.CommandLine;
using Rlef.Execution;
using Rlef.Experiments;
using Rlef.Problems.Nano;

namespace Rlef.Cli.Commands;

static class PretrainCommand
{
    public static Command Create()
    {
        var output = new Option<string>("--out") { Description = "Folder of the new policy.", Required = true };
        var steps = new Option<int>("--steps") { Description = "Optimizer steps.", DefaultValueFactory = _ => new NanoPretraining.Options().Steps };
        var dialogues = new Option<int>("--dialogues") { Description = "Dialogues to learn from.", DefaultValueFactory = _ => new NanoPretraining.Options().Dialogues };
        var command = new Command("pretrain", "Make a base policy for the nano world from nothing (about 15 minutes).\n\nExample:  rlef pretrain --out my-base")
        {
            output, steps, dialogues,
        };
        command.SetAction(async (parse, cancellation) =>
        {
            await using var sandbox = await LocalSandbox.StartAsync(cancellation: cancellation);
            using var policy = await NanoPretraining.RunAsync(new(parse.GetValue(dialogues), parse.GetValue(steps)), new NanoAuthor.Habits(),
                new Judge(sandbox), Console.WriteLine, cancellation);
            policy.Save(parse.GetValue(output)!);
            Console.WriteLine($"{policy.Model.ParameterCount:N0} parameters: {parse.GetValue(output)}");
        });
        return command;
    }
}
