using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Rlef.Experiments;
using Rlef.Problems;
using Rlef.Storage;
using Spectre.Console;

namespace Rlef.Cli.Commands;

static class SweepCommand
{
    public static Command Create()
    {
        var file = new Argument<string>("file") { Description = "The sweep: problems, policies, seeds, recipe, arms and evaluation, as JSON." };
        var runs = new Option<string>("--runs") { Description = "Folder of all runs. A run that is there is not computed again, whichever sweep made it.", DefaultValueFactory = _ => "runs" };
        var output = new Option<string?>("--out") { Description = "Results file, written after each run; by default the sweep's name with .results.json." };
        var known = new Option<string[]>("--known")
        {
            Description = "Outcomes of finished runs, as a sweep writes them beside its results (.outcomes.json.gz): " +
                "what is among them is not trained or scored again. Runs that are told of other programs while they learn are known again only where the same programs are drawn.",
            AllowMultipleArgumentsPerToken = true,
        };
        var dry = new Option<bool>("--dry-run") { Description = "Only say which runs there are." };
        var jobs = new Option<int>("--jobs")
        {
            Description = "Runs side by side, each with its share of threads and memory: " +
                "the faster way for small policies, if the memory holds them. Other numbers of threads round otherwise.", DefaultValueFactory = _ => 1,
        };
        var job = new Option<int?>("--job-of") { Hidden = true };
        var command = new ResumableCommand("sweep", "Train and score a table of recipes, base policies and seeds. A sweep that was killed goes on where it was.\n\n" +
            "Example:  rlef sweep notebooks/sweeps/rlef-nano.json\n\n" +
            "A sweep's file, with paths relative to it:\n" +
            "  {\n" +
            "    \"problems\": \"train.jsonl\",\n" +
            "    \"policies\": {\"one\": \"base\"},\n" +
            "    \"seeds\": [1, 2, 3],\n" +
            "    \"recipe\": {\"updates\": 60, \"kl.weight\": 0.2},\n" +
            "    \"arms\": {\"turn values\": {}, \"token values\": {\"advantage\": \"token\"}, \"no feedback\": {\"feedback\": \"none\"}},\n" +
            "    \"evaluation\": {\"problems\": \"validation.jsonl\", \"samples\": 3, \"turns\": 3, \"feedback\": [\"real\", \"random\"]}\n" +
            "  }\n" +
            "\"select\": 8 beside them lets each base policy write eight programs for every training problem first, and learn from the problems alone that it solves sometimes.\n" +
            "\"inputs\": {\"runs/mixed/train.jsonl\": \"problems generate --difficulty 0 --difficulty 3 --out runs/mixed\"} names commands that are run first, " +
                "in the project's folder, where what they make is missing.") { file, runs, output, known, dry, jobs, job };
        var sandbox = SandboxOption.AddTo(command);
        command.SetAction(async (parse, cancellation) =>
        {
            var path = parse.GetValue(file)!;
            var sweep = Sweep.Load(path);
            var jobOf = parse.GetValue(job);
            var (root, results) = (parse.GetValue(runs)!, parse.GetValue(output) ?? Path.ChangeExtension(path, ".results.json"));
            var isDry = parse.GetValue(dry);
            if (jobOf is not null)
                cancellation = SideBySide.UntilOrphaned(cancellation);
            else
            {
                OutputFile.Check(results, [path, sweep.Problems, sweep.Evaluation.Problems, .. parse.GetValue(known) ?? []]);
                Folder.Check(root);
                foreach (var (missing, making) in sweep.Missing)
                {
                    Console.WriteLine($"{(isDry ? "first, for" : "making")} {missing}:  rlef {making}");
                    if (!isDry)
                        await SideBySide.RunAsync(1, [.. CommandLineParser.SplitCommandLine(making)], cancellation, Home.Folder);
                }
                // What a dry run leaves unmade cannot be looked at.
                if (!isDry || !sweep.Missing.Any())
                {
                    sweep.CheckPolicies();
                    WarnOfOverlap(sweep);
                }
            }
            if (isDry)
            {
                foreach (var run in sweep.Runs)
                    Console.WriteLine($"{run.Arm}, {run.Policy}, seed {run.Seed}: {run.Config.Updates} updates, feedback {run.Feedback}, reward {run.Reward}");
                return;
            }
            foreach (var outcomes in parse.GetValue(known) ?? [])
                SweepOutcomes.Load(outcomes).UnpackTo(root);
            SweepResults found;
            if (parse.GetValue(jobs) is > 1 and var count)
            {
                await SideBySide.RunAsync(count, ["sweep", path, "--runs", root, "--out", results, "--job-of", $"{count}", .. sandbox.Arguments(parse),
                    .. ErrorBoundary.Arguments(parse)], cancellation);
                found = SweepResults.Load(results);
            }
            else
                found = await new SweepRunner(sweep, root).RunAsync(results, sandbox.Name(parse), sandbox.Packages(parse), new SweepProgress(jobOf ?? 1), cancellation);
            if (jobOf is null)
                Show(found);
        });
        return command;
    }

    // Not refused: of some sets even the splits that their authors made share problems.
    static void WarnOfOverlap(Sweep sweep)
    {
        var shared = ProblemOverlap.Find(sweep.Problems, sweep.Evaluation.Problems);
        if (!shared.IsEmpty)
            Console.Error.WriteLine($"WARNING: {shared.DistinctBy(p => p.Second).Count()} problems of {sweep.Evaluation.Problems} are trained on too, such as {shared[0].Second}, which is " +
                $"{shared[0].First} in {sweep.Problems}. Scores on them say nothing of unseen problems. All of them:  rlef problems overlap {sweep.Problems} {sweep.Evaluation.Problems}");
    }

    static void Show(SweepResults results)
    {
        var table = new Table().AddColumns("arm", "feedback", "budget", "runs", "mean", "gain from the base", "difference from the first arm");
        var first = results.Rows.Select(r => r.Arm).FirstOrDefault(a => a != SweepResults.Base) ?? "";
        foreach (var row in results.Rows)
            table.AddRow(Markup.Escape(row.Arm), row.Feedback, row.Budget, $"{row.Runs}", row.Mean.Percent, row.Gain?.Points ?? "", row.FromArms.GetValueOrDefault(first)?.Points ?? "");
        Terminal.Output.Write(table);
        if (results.Masked > 0)
            Terminal.Output.WriteLine($"{results.Masked} dialogues say nothing, since the sandbox failed; no score counts them.");
        if (results.Silent > 0)
            Terminal.Output.WriteLine($"{results.Silent} dialogues say nothing of a policy, {PlayCommand.WhySilent}; no score counts them.");
        foreach (var arm in results.Runs.GroupBy(r => r.Arm))
            Terminal.Output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{arm.Key}: {(arm.Max(r => r.LargestKl) is { } kl ? $"KL at most {kl:F3} nats a token in " : "")}{arm.Count()} run{(arm.Count() == 1 ? "" : "s")}, " +
                    $"{arm.Average(r => r.Minutes):F1} min each") +
                (arm.Average(r => r.ExplainedVariance) is { } explained ?
                    string.Create(CultureInfo.InvariantCulture, $", the critic explains {explained:F2} of the returns' variance in the end") : ""));
    }
}
