using System.CommandLine;
using Rlef.Dialogue;
using Rlef.Experiments;
using Rlef.Learning;
using Rlef.Problems;
using Rlef.Rewards;

namespace Rlef.Cli.Commands;

static class TrainCommand
{
    public static Command Create()
    {
        var name = new Option<string>("--run") { Description = "Folder of the run. An interrupted run of the same folder goes on.", Required = true };
        var problems = new Option<string?>("--problems") { Description = "Problem file; by default the nano world's training set." };
        var policy = new Option<string?>("--policy") { Description = "Policy folder to start from; by default the nano world's base policy." };
        var updates = new Option<int>("--updates") { Description = "Rounds of collecting and learning.", DefaultValueFactory = _ => TrainingConfig.Nano.Updates };
        var seed = new Option<ulong>("--seed") { Description = "Keys every random draw.", DefaultValueFactory = _ => 1 };
        var turns = new Option<int>("--turns") { Description = "Turn limit; 1 is single-turn training.", DefaultValueFactory = _ => 3 };
        var feedback = new Option<string>("--feedback") { Description = "What the policy is told.", DefaultValueFactory = _ => "real" };
        feedback.AcceptOnlyFromAmong("real", "random", "none");
        var reward = new Option<string>("--reward") { Description = "What it is paid; coarse, fine, adaptive and rltf are RLTF's.", DefaultValueFactory = _ => "rlef" };
        reward.AcceptOnlyFromAmong("rlef", "coarse", "fine", "adaptive", "rltf");
        var rate = new Option<double>("--learning-rate") { Description = "Of the policy.", DefaultValueFactory = _ => TrainingConfig.Nano.LearningRate };
        var settings = new Option<string?>("--config") { Description = "JSON file with further settings, such as another run's config.json; options win." };
        var sandbox = SandboxOption.Create();
        var command = new Command("train", "Train a policy from execution feedback.\n\nExample:  rlef train --run runs/mine --updates 20 --feedback none")
        {
            name, problems, policy, updates, seed, turns, feedback, reward, rate, settings, sandbox,
        };
        command.SetAction(async (parse, cancellation) =>
        {
            await using var laboratory = await Laboratory.OpenAsync(parse.GetValue(policy), sandbox: parse.GetValue(sandbox), cancellation: cancellation);
            var set = parse.GetValue(problems) is { } file ? await laboratory.ReadProblemsAsync(file, cancellation) : Laboratory.Nano("train");
            var payment = Reward(parse.GetValue(reward)!, laboratory);
            var preset = parse.GetValue(settings) is { } path ? TrainingConfig.Nano.With(path) : TrainingConfig.Nano;
            var config = preset with
            {
                Seed = Given(seed) ?? preset.Seed,
                Updates = Given(updates) ?? preset.Updates,
                TurnLimit = Given(turns) ?? preset.TurnLimit,
                LearningRate = Given(rate) ?? preset.LearningRate,
                AdvantageLevel = payment is RltfReward ? AdvantageLevel.Reward : preset.AdvantageLevel,
            };
            using var trained = await TrainingProgress.ShowAsync("train", config.Updates, async progress => await laboratory.TrainAsync(parse.GetValue(name)!, config, set,
                await FeedbackAsync(parse.GetValue(feedback)!, laboratory, set, cancellation), payment, progress, cancellation));
            Console.WriteLine($"policy: {Path.Combine(parse.GetValue(name)!, "policy")}");

            T? Given<T>(Option<T> option) where T : struct => parse.GetResult(option) is { Implicit: false } ? parse.GetValue(option) : null;
        });
        return command;
    }

    static IReward Reward(string name, Laboratory laboratory) => name switch
    {
        "coarse" => new RltfReward(RltfFeedback.Coarse, laboratory.Tokenizer),
        "fine" => new RltfReward(RltfFeedback.Fine, laboratory.Tokenizer),
        "adaptive" => new RltfReward(RltfFeedback.Adaptive, laboratory.Tokenizer),
        "rltf" => new RltfReward(RltfFeedback.All, laboratory.Tokenizer),
        _ => new RlefReward(),
    };

    public static async Task<IFeedbackSource> FeedbackAsync(string name, Laboratory laboratory, ProblemSet problems, CancellationToken cancellation) => name switch
    {
        "none" => new NoFeedback(laboratory.Wording),
        "random" => await laboratory.RandomFeedbackAsync(problems, cancellation: cancellation),
        _ => new RealFeedback(laboratory.Wording),
    };
}
