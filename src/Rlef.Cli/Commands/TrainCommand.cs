using System.CommandLine;
using Rlef.Advantages;
using Rlef.Dialogue;
using Rlef.Experiments;
using Rlef.Learning;
using Rlef.Policy;
using Rlef.Problems;
using Rlef.Rewards;
using Rlef.Storage;

namespace Rlef.Cli.Commands;

static class TrainCommand
{
    public static Command Create()
    {
        var name = new Option<string>("--run") { Description = "Folder of the run. An interrupted run of the same folder goes on.", Required = true };
        var problems = new Option<string?>("--problems") { Description = "Problem file; by default the nano world's training set." };
        var policy = new Option<string?>("--policy") { Description = $"Policy to start from, such as a chat model: {PolicyOption.Names}; by default the nano world's base policy." };
        var wording = WordingOption.Create();
        var updates = new Option<int?>("--updates") { Description = $"Rounds of collecting and learning; {TrainingConfig.Nano.Updates} in nano." };
        var seed = new Option<ulong?>("--seed") { Description = "Keys every random draw." };
        var turns = new Option<int?>("--turns") { Description = "Turn limit, a draft that is handed in first not counted; 1 is single-turn training, as RLTF's rewards want it." };
        var feedback = ChoiceOption.Create("--feedback", FeedbackSources.Help, "real", FeedbackSources.Names);
        var reward = new Option<string>("--reward")
        {
            Description = $"What it is paid: {string.Join(", ", KnownRewards.Names)}; all but the first are RLTF's. " +
                "With another penalty: 'rlef, -0.5' of a turn without code, 'rltf, -0.1' of tokens at fault. 'rlef, levels' tells failures apart.", DefaultValueFactory = _ => "rlef",
        };
        reward.Validators.Add(result =>
        {
            try
            {
                KnownRewards.Checked(result.GetValueOrDefault<string>()!);
            }
            catch (ArgumentException e)
            {
                result.AddError(e.Message);
            }
        });
        var advantage = new Option<string?>("--advantage")
        {
            Description = "How good a token was: RLEF's value of each turn, or one of the others of the field.",
        };
        advantage.AcceptOnlyFromAmong([.. Arm<IAdvantage>.Names]);
        var rate = new Option<double?>("--learning-rate") { Description = "Of the policy." };
        var warmup = new Option<int?>("--warmup") { Description = "Optimizer steps over which the learning rate rises." };
        var schedule = new Option<LearningRateSchedule?>("--schedule")
        {
            Description = "How it goes on: constant, or falling to 0 at the end of the run, linear or as a cosine.",
        };
        schedule.AcceptOnlyFromAmong("constant", "linear", "cosine");
        var rank = new Option<int?>("--lora-rank") { Description = "Learn low-rank adapters of this rank instead of the weights; 0 learns the weights." };
        var dtype = new Option<WeightType?>("--dtype")
        {
            Description = "Type of the weights: float32, or bfloat16 with 32-bit master weights: for GPUs, and for processors that multiply it faster (`rlef doctor`).",
        };
        dtype.AcceptOnlyFromAmong("float32", "bfloat16");
        var recompute = new Option<bool?>("--gradient-checkpointing") { Description = "Compute blocks again in the backward pass instead of keeping them: less memory, more time." };
        var most = new Option<int?>("--max-tokens") { Description = "Longest answer, in tokens." };
        var longest = new Option<int?>("--max-dialogue-tokens") { Description = "Longest dialogue, in tokens." };
        var preset = ChoiceOption.Create("--preset", "Settings to start from: nano (RLEF for a million parameters), micro (the same for the micro world), " +
            "rltf (RLTF's single turns), chat (RLEF for a chat model, by adapters), paper (RLEF's own sizes, for models of billions on GPUs).", "nano", TrainingConfig.Presets.Keys);
        var settings = new Option<string?>("--config")
        {
            Description = "A recipe: another run's config.json, or a JSON file with some of its settings. " +
                "Its feedback, reward, wording and Python packages count too; options win.",
        };
        var set = new Option<string[]>("--set")
        {
            Description = "Any setting of a recipe as NAME=VALUE, such as kl.weight=0.5, objective.clip_high=0.28 or critic.layer=2; may be given several times.", HelpName = "name=value",
        };
        // A recipe holds these too, but not among its settings: a run would go on without them.
        set.Validators.Add(result =>
        {
            foreach (var name in result.Tokens.Select(t => t.Value.Split('=', '.')[0]).Where(Recipe.Foundations.Contains))
                result.AddError($"--set {name}: has an option of its own, --{name.Replace('_', '-')}.");
        });
        var dry = new Option<bool>("--dry-run")
        {
            Description = "Say what would be trained, on what, with how much memory and, " +
                "by playing and learning from a few short answers, how long it would take; train nothing.",
        };
        var device = DeviceOption.Create();
        var skip = FaultyProblems.Create();
        var command = new ResumableCommand("train", "Train a policy from execution feedback. What no option says is as in the preset.\n\n" +
            "Example:  rlef train --run runs/mine --updates 20 --feedback none\n" +
            "          rlef train --run runs/grpo --turns 1 --advantage grpo --set samples_per_problem=8 --set problems_per_update=16 --set aggregation=sequence_mean\n" +
            "          rlef train --run runs/chat --preset chat --policy Qwen2.5-0.5B-Instruct --wording codecontests --problems mbpp.jsonl")
        {
            name, problems, skip, policy, wording, updates, seed, turns, feedback, reward, advantage, rate, warmup, schedule, rank, dtype, recompute, most, longest, preset, settings, set, dry, device,
        };
        var sandbox = SandboxOption.AddTo(command);
        command.Validators.Add(result =>
        {
            foreach (var (option, setting) in ((Option, string)[])[(updates, "updates"), (seed, "seed"), (turns, "turn_limit"), (advantage, "advantage"),
                (rate, "learning_rate"), (warmup, "warmup_steps"),
                (schedule, "schedule"), (rank, "lora_rank"), (dtype, "dtype"), (recompute, "gradient_checkpointing"), (most, "max_response_tokens"), (longest, "max_dialogue_tokens")])
                if (result.GetResult(option) is not null && result.GetResult(set)?.Tokens.Any(t => t.Value.Split('=')[0] == setting) == true)
                    result.AddError($"{option.Name} and --set {setting} are the same setting; give one.");
        });
        command.SetAction(async (parse, cancellation) =>
        {
            var recipe = parse.GetValue(settings) is { } path ? RecipeFile.Load(path, TrainingConfig.Presets[parse.GetValue(preset)!]) : null;
            var start = recipe?.Config ?? TrainingConfig.Presets[parse.GetValue(preset)!];
            // A mistake is told before anything is loaded.
            Settings.Apply(start, parse.GetValue(set) ?? []);
            await using var laboratory = await Laboratory.OpenAsync(parse.GetValue(policy) is { } begun ? await PolicyOption.FindAsync(begun, cancellation) : null,
                DialogueWording.All[Chosen(wording, recipe?.Wording)], sandbox.Name(parse), parse.GetValue(device), sandbox.Packages(parse, recipe?.Packages), cancellation);
            var problemSet = parse.GetValue(problems) is { } file ? await FaultyProblems.ReadAsync(laboratory, file, parse.GetValue(skip), cancellation) : Laboratory.Nano("train");
            var payment = KnownRewards.Create(Chosen(reward, recipe?.Reward ?? KnownRewards.UsualOf(parse.GetValue(preset)!)), laboratory.Tokenizer);
            if (payment is RltfReward && recipe is null && (start == TrainingConfig.Nano || start == TrainingConfig.Micro))
                start = start with { TurnLimit = 1, Advantage = new RewardAdvantage() };
            var told = Chosen(feedback, recipe?.Feedback);
            TrainingConfig config;
            TrainingPlan plan;
            string[] departures;
            // Loaded to be looked at; it makes room before the run loads its own.
            using (var model = laboratory.LoadBase(parse.GetValue(dtype) ?? start.Dtype))
            {
                // The chat preset is for models of any size; what a recipe says stays.
                if (recipe is null && start == TrainingConfig.Chat)
                    start = MemoryEstimate.Fit(start with { Dtype = parse.GetValue(dtype) ?? start.Dtype }, model.Model.Config,
                        model.Model.Device.type == TorchSharp.DeviceType.CPU ? MemoryEstimate.OfMachine : null);
                config = Configured(start);
                config.CheckReward(payment);
                departures = [.. recipe?.Departures(model.Model, laboratory.Format, problemSet) ?? []];
                plan = TrainingPlan.Of(laboratory, model.Model, parse.GetValue(policy) ?? "the nano world's base policy", config, problemSet, told, payment.Name);
            }
            foreach (var departure in departures)
                Console.Error.WriteLine($"train: {departure}");
            if (parse.GetValue(dry))
            {
                await TellAsync(plan, laboratory, problemSet, payment, cancellation);
                return;
            }
            foreach (var warning in plan.Warnings)
                Console.Error.WriteLine($"train: {warning}");
            using var trained = await TrainingProgress.ShowAsync("train", config, async progress => await laboratory.TrainAsync(parse.GetValue(name)!, config, problemSet,
                await laboratory.FeedbackAsync(told, problemSet, config.EvaluationSampling, config.MaxDialogueTokens, cancellation: cancellation), payment, progress, cancellation));
            Console.WriteLine($"policy: {Path.Combine(parse.GetValue(name)!, "policy")}");

            TrainingConfig Configured(TrainingConfig start) => Settings.Apply(start with
            {
                Seed = parse.GetValue(seed) ?? start.Seed,
                Updates = parse.GetValue(updates) ?? start.Updates,
                TurnLimit = parse.GetValue(turns) ?? start.TurnLimit,
                LearningRate = parse.GetValue(rate) ?? start.LearningRate,
                WarmupSteps = parse.GetValue(warmup) ?? start.WarmupSteps,
                Schedule = parse.GetValue(schedule) ?? start.Schedule,
                LoraRank = parse.GetValue(rank) ?? start.LoraRank,
                Dtype = parse.GetValue(dtype) ?? start.Dtype,
                GradientCheckpointing = parse.GetValue(recompute) ?? start.GradientCheckpointing,
                MaxResponseTokens = parse.GetValue(most) ?? start.MaxResponseTokens,
                MaxDialogueTokens = parse.GetValue(longest) ?? start.MaxDialogueTokens,
                Advantage = parse.GetValue(advantage) is { } named ? Arm<IAdvantage>.Parse(named, RecipeJson.Options) : start.Advantage,
            }, parse.GetValue(set) ?? []);

            string Chosen(Option<string> option, string? recipes) => parse.GetResult(option) is { Implicit: false } || recipes is null ? parse.GetValue(option)! : recipes;
        });
        return command;
    }

    // A run of one short update shows whether it works at all, and how fast.
    static async Task TellAsync(TrainingPlan plan, Laboratory laboratory, ProblemSet problems, IReward reward, CancellationToken cancellation)
    {
        Console.WriteLine(plan);
        var folder = Directory.CreateTempSubdirectory("rlef-dry-run-");
        try
        {
            using var trained = await laboratory.TrainAsync(folder.FullName, plan.Probe, problems, reward: reward, cancellation: cancellation);
            var probe = new RunDirectory(folder.FullName).ReadMetrics()[^1];
            if (plan.Times(probe) is { } times)
                Console.WriteLine($"{"time",-10} about {RunProgress.Left(times.Update)} an update, {RunProgress.Left(times.Run)} in all were every answer as long as it may be, " +
                    $"at {probe["generation_tokens_per_second"]:N0} tokens a second generated and {probe["learning_tokens_per_second"]:N0} learned from, as a short update had them");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
