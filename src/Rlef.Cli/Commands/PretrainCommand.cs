using System.CommandLine;
using Rlef.Execution;
using Rlef.Experiments;

namespace Rlef.Cli.Commands;

static class PretrainCommand
{
    public static Command Create()
    {
        var output = new Option<string>("--out") { Description = "Folder of the new policy.", Required = true };
        var dialogues = new Option<int?>("--dialogues") { Description = "Dialogues to learn from, instead of the recipe's." };
        var steps = new Option<int?>("--steps") { Description = "Optimizer steps of each phase, instead of the recipe's." };
        var command = new Command("pretrain", "Make a base policy for the nano world (about 15 minutes).\n\nExample:  rlef pretrain --out my-base") { output, dialogues, steps };
        var sandbox = SandboxOption.AddTo(command);
        command.SetAction(async (parse, cancellation) =>
        {
            await using var programs = await sandbox.StartAsync(parse, null, cancellation);
            var recipe = NanoPretraining.Recipe;
            recipe = recipe with
            {
                Dialogues = parse.GetValue(dialogues) ?? recipe.Dialogues,
                Phases = [.. recipe.Phases.Select(phase => phase with { Steps = parse.GetValue(steps) ?? phase.Steps })],
            };
            using var policy = await recipe.RunAsync(new Judge(programs), Console.WriteLine, cancellation);
            policy.Save(parse.GetValue(output)!);
            Console.WriteLine($"{policy.Model.ParameterCount:N0} parameters: {parse.GetValue(output)}");
        });
        return command;
    }
}
