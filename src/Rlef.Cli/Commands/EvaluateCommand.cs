using System.CommandLine;
using Rlef.Dialogue;
using Rlef.Endpoints;
using Rlef.Evaluation;
using Rlef.Execution;
using Rlef.Experiments;
using Rlef.Learning;
using Rlef.Policy;
using Rlef.Problems;

namespace Rlef.Cli.Commands;

static class EvaluateCommand
{
    // Answers of chat models, with the wording they need.
    const int ServedMaxTokens = 4096, LongestDialogue = 4096;
    const string ServedWording = "codecontests";
    const string SampleKs = "1,10,100", PlayKs = "1,3,10,100";

    public static Command Create()
    {
        var policy = new Option<string?>("--policy") { Description = $"Policy: {PolicyOption.Names}; by default the nano world's base policy." };
        var problems = new Option<string?>("--problems") { Description = "Problem file; by default the nano world's test set." };
        var feedback = ChoiceOption.Create("--feedback", FeedbackSources.Help, "real", FeedbackSources.Names);
        var turns = new Option<int>("--turns") { Description = "Turn limit, a draft that is handed in first not counted.", DefaultValueFactory = _ => 3 };
        var samples = new Option<string>("--samples")
        {
            Description = "File of samples made elsewhere, to score instead of a policy; " +
                "or the number of dialogues for each problem.", DefaultValueFactory = _ => "3",
        };
        var format = ProblemsCommand.Format();
        var ks = new Option<string?>("--k")
        {
            Description = $"How many answers may be written: for pass@k of a samples file {SampleKs} by default, for n@k of a policy {PlayKs}. " +
                "Left out where there are too few.",
        };
        var output = new Option<string?>("--out") { Description = "Results, as JSON. An interrupted evaluation goes on from where it was; the dialogues are kept beside the file." };
        var wording = WordingOption.Create();
        wording.Description += $" With --endpoint {ServedWording} by default.";
        var most = new Option<int>("--max-tokens") { Description = $"Longest answer, in tokens; with --endpoint {ServedMaxTokens} by default.", DefaultValueFactory = _ => Sampling.Nano.MaxTokens };
        var longest = new Option<int?>("--max-dialogue-tokens")
        {
            Description = "Longest dialogue, in tokens; " +
                $"{Evaluator.MaxDialogueTokens} with the wording nano, else the model's positions, at most {LongestDialogue}, where none is given.",
        };
        var allTests = new Option<bool>("--all-tests") { Description = "Of a samples file: run the tests after a sample's first failure too; the gravest verdict is then the sample's." };
        var details = new Option<bool>("--details") { Description = "Of a samples file: put the first test that each sample failed into the results, with outputs and error." };
        var temperature = new Option<double>("--temperature") { Description = "Of sampling.", DefaultValueFactory = _ => Sampling.Nano.Temperature };
        var topP = new Option<double>("--top-p") { Description = "Of sampling: keeps the smallest set of tokens whose probability reaches this.", DefaultValueFactory = _ => Sampling.Nano.TopP };
        var examples = new Option<string?>("--examples")
        {
            Description = "Dialogues that an evaluation kept beside its results: " +
                "the first of those that end solved after a program that failed, about other problems, stand before each dialogue (few-shot prompting).",
        };
        var shots = new Option<int>("--shots") { Description = "How many of them.", DefaultValueFactory = _ => 1 };
        var device = DeviceOption.Create();
        var skip = FaultyProblems.Create();
        var command = new Command("evaluate", "Score a policy: one program, several independent ones, and dialogues up to the turn limit, with 95 % intervals. " +
            "The policy is a folder, a GGUF file, or a model behind an OpenAI-compatible server. Or score programs made elsewhere: pass@k, n@k, verdicts.\n\n" +
            "Example:  rlef evaluate --policy runs/mine/policy --feedback random\n" +
            "          rlef evaluate --endpoint http://127.0.0.1:8000/v1 --model qwen --problems HumanEval.jsonl.gz --out qwen.json\n" +
            "          rlef evaluate --problems HumanEval.jsonl.gz --samples samples.jsonl --k 1,10 --out results.json")
        {
            policy, problems, skip, format, wording, feedback, turns, samples, ks, output, allTests, details, temperature, topP, most, longest, examples, shots, device,
        };
        var endpoint = EndpointOption.AddTo(command);
        var sandbox = SandboxOption.AddTo(command);
        command.SetAction(async (parse, cancellation) =>
        {
            var source = parse.GetValue(samples)!;
            if (!int.TryParse(source, out var dialogues))
            {
                Refuse(parse, "has no part in scoring a samples file; leave it out", [policy, skip, wording, feedback, turns, most, longest, temperature,
                    topP, examples, shots, device, endpoint.Address, .. endpoint.Details]);
                return await SampleCommand.ScoreAsync(parse.GetValue(problems) ?? throw new ArgumentException("--samples needs --problems: the set that the samples are for."),
                    parse.GetValue(format), source, Ks(parse.GetValue(ks) ?? SampleKs), parse.GetValue(output),
                    parse.GetValue(allTests), parse.GetValue(details), () => sandbox.StartAsync(parse, null, cancellation), cancellation);
            }
            Refuse(parse, "needs a samples file: --samples FILE", [allTests, details]);
            if (dialogues < 1)
                throw new ArgumentException($"--samples {source}: at least one dialogue for each problem is needed.");
            var served = endpoint.Read(parse);
            if (served is null)
                Refuse(parse, "needs a served model: --endpoint URL", endpoint.Details);
            else
                Refuse(parse, "has no part in playing a served model; leave it out", [policy, longest, device]);
            var kept = parse.GetValue(examples);
            if (kept is null)
                Refuse(parse, "needs dialogues to take them from: --examples FILE", [shots]);
            else
                DialogueFile.Require(kept);
            var counted = Ks(parse.GetValue(ks) ?? PlayKs);
            if (parse.GetValue(output) is { } results)
                OutputFile.Check(results, ((string?[])[parse.GetValue(problems), parse.GetValue(policy), kept]).OfType<string>());
            await using var programs = await sandbox.StartAsync(parse, null, cancellation);
            var set = parse.GetValue(problems) is not { } file ? Laboratory.Nano("test")
                : (await ProblemReader.ReadAsync(file, programs, parse.GetValue(format), cancellation: cancellation)).ToSet(FaultyProblems.LeftOut(parse.GetValue(skip)));
            var before = kept is null ? Examples.None : SolvedExamples.Of(kept, parse.GetValue(shots), set);
            var judge = new EvaluationJudge(programs);
            // Of options that are left out, a served model has values of its own.
            var play = new PlayCommand(programs, set,
                DialogueWording.All[served is not null && !IsGiven(parse, wording) ? ServedWording : parse.GetValue(wording)!], parse.GetValue(feedback)!,
                Sampling.Nano with
                {
                    Temperature = parse.GetValue(temperature),
                    TopP = parse.GetValue(topP),
                    MaxTokens = served is not null && !IsGiven(parse, most) ? ServedMaxTokens : parse.GetValue(most),
                },
                parse.GetValue(turns), dialogues, counted, parse.GetValue(output), before, usage => endpoint.Price(parse, usage));
            if (served is not null)
            {
                using var client = await EndpointClient.ConnectAsync(served, cancellation);
                if (client.Notice is { } notice)
                    Console.Error.WriteLine(notice);
                return await play.RunAsync(new(new ServedPolicy(client, judge, served.Concurrency), () => served.Identity, null), cancellation);
            }
            using var own = PolicyCheckpoint.Load(
                parse.GetValue(policy) is { } name ? await PolicyOption.FindAsync(name, cancellation) : Home.File("data", "nano", "base"), Devices.Find(parse.GetValue(device)));
            var positions = own.Model.Config.MaxPositionEmbeddings;
            if (parse.GetValue(longest) > positions)
                throw new ArgumentException($"{longest.Name} {parse.GetValue(longest)}: the policy has {positions} positions, which is the most.");
            var room = parse.GetValue(longest) ?? Math.Min(play.Wording == DialogueWording.Nano ? Evaluator.MaxDialogueTokens : LongestDialogue, positions);
            var layout = new ChatFormat(own.Files);
            using var evaluator = new Evaluator(own.Model, layout, judge, maxDialogueTokens: room);
            return await play.RunAsync(new(evaluator, () => Recipe.DigestOf(own.Model, layout), room), cancellation);
        });
        return command;
    }

    static bool IsGiven(ParseResult parse, Option option) => parse.GetResult(option) is { Implicit: false };

    // A word that would do nothing is a mistake, which the user finds only after the work.
    static void Refuse(ParseResult parse, string why, IEnumerable<Option> idle)
    {
        if (idle.FirstOrDefault(option => IsGiven(parse, option)) is { } option)
            throw new ArgumentException($"{option.Name} {why}.");
    }

    static int[] Ks(string text) => [.. text.Split(',').Select(part => int.TryParse(part, out var k) && k > 0
        ? k
        : throw new ArgumentException($"--k {text}: positive numbers with commas between them are expected.")).Distinct()];
}
