using System.CommandLine;
using Rlef.Dialogue;
using Rlef.Experiments;
using Rlef.Learning;

namespace Rlef.Cli.Commands;

static class TuneCommand
{
    public static Command Create()
    {
        var usual = new ReferenceTuning();
        var policy = new Option<string>("--policy") { Description = $"Policy to start from: {PolicyOption.Names}.", Required = true };
        var problems = new Option<string>("--problems") { Description = "Problems with references; FILE#1-100 takes the first hundred.", Required = true };
        var output = new Option<string>("--out") { Description = "Folder of the new policy.", Required = true };
        var wording = WordingOption.Create("functions");
        var epochs = new Option<int>("--epochs") { Description = "Passes over the references.", DefaultValueFactory = _ => usual.Epochs };
        var rate = new Option<double>("--learning-rate") { Description = "Of AdamW.", DefaultValueFactory = _ => usual.LearningRate };
        var batch = new Option<int>("--batch-tokens") { Description = "Most tokens of an optimizer step.", DefaultValueFactory = _ => usual.BatchTokens };
        var longest = new Option<int>("--max-dialogue-tokens") { Description = "Dialogues that are longer are left out.", DefaultValueFactory = _ => usual.MaxDialogueTokens };
        var seed = new Option<ulong>("--seed") { Description = "Draws the order.", DefaultValueFactory = _ => usual.Seed };
        var dtype = ChoiceOption.Create("--dtype", "Type of the weights: float32, or bfloat16 with 32-bit master weights.", "float32", "float32", "bfloat16");
        var device = DeviceOption.Create();
        var skip = FaultyProblems.Create();
        var command = new Command("tune", "Supervised fine-tuning on the references of a problem set: a warm start for a policy that solves too little to learn from reward. " +
            "Problems with a draft, such as HumanEvalPack's, teach to repair it.\n\nExample:  rlef tune --policy SmolLM2-135M-Instruct.gguf --problems mbpp.jsonl#601-787 --out runs/warm")
        {
            policy, problems, skip, output, wording, epochs, rate, batch, longest, seed, dtype, device,
        };
        var sandbox = SandboxOption.AddTo(command);
        command.SetAction(async (parse, cancellation) =>
        {
            OutputFolder.Check(parse.GetValue(output)!, parse.GetValue(policy)!);
            await using var laboratory = await Laboratory.OpenAsync(await PolicyOption.FindAsync(parse.GetValue(policy)!, cancellation),
                DialogueWording.All[parse.GetValue(wording)!], sandbox.Name(parse), parse.GetValue(device), sandbox.Packages(parse), cancellation);
            var set = await FaultyProblems.ReadAsync(laboratory, parse.GetValue(problems)!, parse.GetValue(skip), cancellation);
            using var model = laboratory.LoadBase(parse.GetChoice<WeightType>(dtype));
            var tuning = new ReferenceTuning(parse.GetValue(epochs), parse.GetValue(rate), parse.GetValue(batch), parse.GetValue(longest), parse.GetValue(seed));
            var clock = System.Diagnostics.Stopwatch.StartNew();
            var outcome = await tuning.RunAsync(model, set, laboratory.Judge, laboratory.Wording, (step, steps, loss) =>
                Console.Error.WriteLine($"tune: step {step} of {steps}, {loss:F3} nats a token, {RunProgress.Left(clock.Elapsed * (steps - step) / step)} left"), cancellation);
            model.Save(parse.GetValue(output)!);
            Console.WriteLine($"{outcome.Learned} references learned" +
                (outcome.TooLong > 0 ? $", {outcome.TooLong} left out as longer than {tuning.MaxDialogueTokens} tokens" : "") +
                (outcome.Right > 0 ? $", {outcome.Right} left out as their drafts pass the public tests" : "") + $": {parse.GetValue(output)}");
        });
        return command;
    }
}
