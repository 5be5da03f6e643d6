using System.CommandLine;
using Rlef.Evaluation;
using Rlef.Experiments;
using Rlef.Policy;
using Rlef.Problems;

namespace Rlef.Cli.Commands;

static class EvaluateCommand
{
    public static Command Create()
    {
        var policy = new Option<string?>("--policy") { Description = "Policy folder; by default the nano world's base policy." };
        var problems = new Option<string?>("--problems") { Description = "Problem file; by default the nano world's test set." };
        var feedback = new Option<string>("--feedback") { Description = "What the policy is told.", DefaultValueFactory = _ => "real" };
        feedback.AcceptOnlyFromAmong("real", "random", "none");
        var turns = new Option<int>("--turns") { Description = "Turn limit.", DefaultValueFactory = _ => 3 };
        var samples = new Option<int>("--samples") { Description = "Dialogues for each problem.", DefaultValueFactory = _ => 3 };
        var temperature = new Option<double>("--temperature") { Description = "Of sampling.", DefaultValueFactory = _ => Sampling.Nano.Temperature };
        var sandbox = SandboxOption.Create();
        var command = new Command("evaluate", "Score a policy: one program, three independent ones, and dialogues up to the turn limit, with 95 % intervals.\n\n" +
            "Example:  rlef evaluate --policy runs/mine/policy --feedback random") { policy, problems, feedback, turns, samples, temperature, sandbox };
        command.SetAction(async (parse, cancellation) =>
        {
            var set = parse.GetValue(problems) is { } file ? ProblemFile.Load(file) : Laboratory.Nano("test");
            await using var laboratory = await Laboratory.OpenAsync(parse.GetValue(policy), sandbox: parse.GetValue(sandbox), cancellation: cancellation);
            using var model = laboratory.LoadBase();
            var told = await TrainCommand.FeedbackAsync(parse.GetValue(feedback)!, laboratory, set, cancellation);
            var limit = parse.GetValue(turns);
            var result = await laboratory.EvaluateAsync(model.Model, set, told, limit, parse.GetValue(samples),
                Sampling.Nano with { Temperature = parse.GetValue(temperature) }, cancellation: cancellation);
            Console.WriteLine($"single-turn 1@1  {Bootstrap.Mean(result.MultiTurn(1))}");
            if (parse.GetValue(samples) >= 3)
                Console.WriteLine($"single-turn 1@3  {Bootstrap.Mean(result.SingleTurn(1, 3))}");
            for (var turn = 2; turn <= limit; turn++)
                Console.WriteLine($"multi-turn  1@{turn}  {Bootstrap.Mean(result.MultiTurn(turn))}");
        });
        return command;
    }
}
