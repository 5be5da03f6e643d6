using System.CommandLine;
using Rlef.Execution;
using Rlef.Experiments;

namespace Rlef.Cli.Commands;

static class PretrainCommand
{
    public static Command Create()
    {
        var world = ChoiceOption.Create("--world", "nano or micro.", "nano", "nano", "micro");
        var output = new Option<string>("--out") { Description = "Folder of the new policy.", Required = true };
        var dialogues = new Option<int?>("--dialogues") { Description = "Dialogues to learn from, instead of the recipe's." };
        var steps = new Option<int?>("--steps") { Description = "Optimizer steps of each phase, instead of the recipe's." };
        var seed = new Option<ulong?>("--seed") { Description = "Draws problems and dialogues, instead of the recipe's." };
        var repair = new Option<double?>("--repair") { Description = "Of the micro world: share of dialogues that repair a broken program, instead of the recipe's." };
        var hidden = new Option<double?>("--hidden") { Description = "Of the micro world: share of problems whose statement withholds something, instead of the recipe's." };
        var command = new Command("pretrain", "Make a base policy for a world (nano: about 15 minutes).\n\n" +
            "Example:  rlef pretrain --world micro --out my-base") { world, output, dialogues, steps, seed, repair, hidden };
        var sandbox = SandboxOption.AddTo(command);
        command.SetAction(async (parse, cancellation) =>
        {
            var isNano = parse.GetValue(world) == "nano";
            foreach (var idle in isNano ? (Option[])[repair, hidden] : [])
                if (parse.GetResult(idle) is not null)
                    throw new ArgumentException($"{idle.Name} belongs to the micro world: --world micro");
            OutputFolder.Check(parse.GetValue(output)!, policy: null);
            await using var programs = await sandbox.StartAsync(parse, null, cancellation);
            using var policy = isNano ? await Nano().RunAsync(new Judge(programs), Console.WriteLine, cancellation) : await Micro().RunAsync(programs, Console.WriteLine, cancellation);
            policy.Save(parse.GetValue(output)!);
            Console.WriteLine($"{policy.Model.ParameterCount:N0} parameters: {parse.GetValue(output)}");

            NanoPretraining Nano()
            {
                var recipe = NanoPretraining.Recipe;
                return recipe with
                {
                    Seed = parse.GetValue(seed) ?? recipe.Seed,
                    Dialogues = parse.GetValue(dialogues) ?? recipe.Dialogues,
                    Phases = [.. recipe.Phases.Select(phase => phase with { Steps = parse.GetValue(steps) ?? phase.Steps })],
                };
            }

            MicroPretraining Micro()
            {
                var recipe = MicroPretraining.Recipe;
                return recipe with
                {
                    Seed = parse.GetValue(seed) ?? recipe.Seed,
                    Dialogues = parse.GetValue(dialogues) ?? recipe.Dialogues,
                    Steps = parse.GetValue(steps) ?? recipe.Steps,
                    Repair = parse.GetValue(repair) ?? recipe.Repair,
                    Hidden = parse.GetValue(hidden) ?? recipe.Hidden,
                };
            }
        });
        return command;
    }
}
