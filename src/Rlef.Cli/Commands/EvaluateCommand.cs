using System.CommandLine;
using Rlef.Dialogue;
using Rlef.Evaluation;
using Rlef.Experiments;
using Rlef.Policy;
using Rlef.Problems;

namespace Rlef.Cli.Commands;

static class EvaluateCommand
{
    public static Command Create()
    {
        var policy = new Option<string?>("--policy") { Description = "Policy folder or GGUF file; by default the nano world's base policy." };
        var problems = new Option<string?>("--problems") { Description = "Problem file; by default the nano world's test set." };
        var feedback = new Option<string>("--feedback") { Description = "What the policy is told.", DefaultValueFactory = _ => "real" };
        feedback.AcceptOnlyFromAmong([.. Laboratory.Feedbacks]);
        var turns = new Option<int>("--turns") { Description = "Turn limit.", DefaultValueFactory = _ => 3 };
        var samples = new Option<string>("--samples") { Description = "File of samples made elsewhere, to score instead of a policy; or the number of dialogues for each problem.", DefaultValueFactory = _ => "3" };
        var format = ProblemsCommand.Format();
        var ks = new Option<string>("--k") { Description = "For pass@k of a samples file.", DefaultValueFactory = _ => "1,10,100" };
        var output = new Option<string?>("--out") { Description = "Results of a samples file, as JSON. An interrupted evaluation goes on from where it was." };
        var wording = WordingOption.Create();
        var most = new Option<int>("--max-tokens") { Description = "Longest answer, in tokens.", DefaultValueFactory = _ => Sampling.Nano.MaxTokens };
        var longest = new Option<int>("--max-dialogue-tokens") { Description = "Longest dialogue, in tokens.", DefaultValueFactory = _ => Evaluator.MaxDialogueTokens };
        var allTests = new Option<bool>("--all-tests") { Description = "Of a samples file: run the tests after a sample's first failure too; the gravest verdict is then the sample's." };
        var details = new Option<bool>("--details") { Description = "Of a samples file: put the first test that each sample failed into the results, with outputs and error." };
        var temperature = new Option<double>("--temperature") { Description = "Of sampling.", DefaultValueFactory = _ => Sampling.Nano.Temperature };
        var device = DeviceOption.Create();
        var skip = FaultyProblems.Create();
        var command = new Command("evaluate", "Score a policy: one program, three independent ones, and dialogues up to the turn limit, with 95 % intervals. " +
            "Or score programs made elsewhere: pass@k, n@k, verdicts.\n\n" +
            "Example:  rlef evaluate --policy runs/mine/policy --feedback random\n" +
            "          rlef evaluate --problems HumanEval.jsonl.gz --samples samples.jsonl --k 1,10 --out results.json")
        {
            policy, problems, skip, format, wording, feedback, turns, samples, ks, output, allTests, details, temperature, most, longest, device,
        };
        var sandbox = SandboxOption.AddTo(command);
        command.SetAction(async (parse, cancellation) =>
        {
            var source = parse.GetValue(samples)!;
            var ofPolicy = int.TryParse(source, out var dialogues);
            // A word that would do nothing is a mistake, which the user finds only after the work.
            foreach (var idle in ofPolicy ? (Option[])[format, ks, output, allTests, details] : [policy, skip, wording, feedback, turns, most, longest, temperature, device])
                if (parse.GetResult(idle) is { Implicit: false })
                    throw new ArgumentException($"{idle.Name} {(ofPolicy ? "needs a samples file: --samples FILE" : "has no part in scoring a samples file; leave it out")}.");
            if (!ofPolicy)
                return await SampleCommand.ScoreAsync(parse.GetValue(problems) ?? throw new ArgumentException("--samples needs --problems: the set that the samples are for."),
                    parse.GetValue(format), source, Ks(parse.GetValue(ks)!), parse.GetValue(output),
                    parse.GetValue(allTests), parse.GetValue(details), () => sandbox.StartAsync(parse, null, cancellation), cancellation);
            if (dialogues < 1)
                throw new ArgumentException($"--samples {source}: at least one dialogue for each problem is needed.");
            await using var laboratory = await Laboratory.OpenAsync(parse.GetValue(policy), DialogueWording.All[parse.GetValue(wording)!], sandbox.Name(parse), parse.GetValue(device), sandbox.Packages(parse), cancellation);
            var set = parse.GetValue(problems) is { } file ? await FaultyProblems.ReadAsync(laboratory, file, parse.GetValue(skip), cancellation) : Laboratory.Nano("test");
            using var model = laboratory.LoadBase();
            var how = Sampling.Nano with { Temperature = parse.GetValue(temperature), MaxTokens = parse.GetValue(most) };
            var told = await laboratory.FeedbackAsync(parse.GetValue(feedback)!, set, how with { Temperature = Sampling.Nano.Temperature }, parse.GetValue(longest), cancellation: cancellation);
            var limit = parse.GetValue(turns);
            var result = await laboratory.EvaluateAsync(model.Model, set, told, limit, dialogues, how, maxDialogueTokens: parse.GetValue(longest), cancellation: cancellation);
            Console.WriteLine($"single-turn 1@1  {Estimates.Mean(result.MultiTurn(1))}");
            if (dialogues >= 3)
                Console.WriteLine($"single-turn 1@3  {Estimates.Mean(result.SingleTurn(1, 3))}");
            for (var turn = 2; turn <= limit; turn++)
                Console.WriteLine($"multi-turn  1@{turn}  {Estimates.Mean(result.MultiTurn(turn))}");
            return 0;
        });
        return command;
    }

    static int[] Ks(string text) => [.. text.Split(',').Select(part => int.TryParse(part, out var k) && k > 0
        ? k
        : throw new ArgumentException($"--k {text}: positive numbers with commas between them are expected.")).Distinct()];
}
