using System.CommandLine;
using Rlef.Execution;
using Rlef.Experiments;
using Rlef.Policy;

namespace Rlef.Cli.Commands;

static class PretrainCommand
{
    public static Command Create()
    {
        var output = new Option<string>("--out") { Description = "Folder of the new policy.", Required = true };
        var from = new Option<string?>("--from") { Description = "Policy folder to go on from, with the recipe's last phase; by default all of it, from nothing." };
        var steps = new Option<int?>("--steps") { Description = "Optimizer steps of each phase, instead of the recipe's." };
        var command = new Command("pretrain", "Make a base policy for the nano world (about 15 minutes).\n\nExample:  rlef pretrain --out my-base") { output, from, steps };
        command.SetAction(async (parse, cancellation) =>
        {
            await using var sandbox = await LocalSandbox.StartAsync(cancellation: cancellation);
            var start = parse.GetValue(from) is { } folder ? PolicyCheckpoint.Load(folder) : null;
            var phases = (start is null ? NanoPretraining.Recipe : NanoPretraining.Recipe.TakeLast(1))
                .Select(phase => phase with { Steps = parse.GetValue(steps) ?? phase.Steps });
            using var policy = await NanoPretraining.RunAsync(phases, new Judge(sandbox), start, Console.WriteLine, cancellation);
            policy.Save(parse.GetValue(output)!);
            Console.WriteLine($"{policy.Model.ParameterCount:N0} parameters: {parse.GetValue(output)}");
        });
        return command;
    }
}
