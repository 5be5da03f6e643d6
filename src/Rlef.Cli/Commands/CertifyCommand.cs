using System.CommandLine;
using Rlef.Experiments;
using Rlef.Problems.Micro;
using Spectre.Console;

namespace Rlef.Cli.Commands;

/// <summary>Whether problem sets leave a base policy something to learn.</summary>
static class CertifyCommand
{
    public static Command Create()
    {
        var files = new Argument<string[]>("FILE") { Description = "Problem files; by default the micro world's sets.", Arity = ArgumentArity.ZeroOrMore };
        var policy = new Option<string>("--policy") { Description = $"The base policy: {PolicyOption.Names}.", Required = true };
        var most = new Option<int>("--sample") { Description = "Problems of each set to look at.", DefaultValueFactory = _ => 400 };
        var command = new Command("certify", "Print the headroom of problem sets: what the best first program and the best dialogue of three turns could solve, what the base policy solves, " +
            $"and how much the public tests leave unseen. The exit code is 1 if the base policy solves more than {HeadroomCertificate.MostOfCeiling:P0} of what can be solved.\n\n" +
            "Example:  rlef problems certify data/micro/validation.jsonl.gz --policy my-base") { files, policy, most };
        var sandbox = SandboxOption.AddTo(command);
        command.SetAction(async (parse, cancellation) =>
        {
            string[] paths = parse.GetValue(files) is { Length: > 0 } given ? given : [.. MicroSets.Names.Select(name => Home.File("data", "micro", name + ".jsonl.gz"))];
            await using var laboratory = await Laboratory.OpenAsync(await PolicyOption.FindAsync(parse.GetValue(policy)!, cancellation),
                sandbox: sandbox.Name(parse), packages: sandbox.Packages(parse), cancellation: cancellation);
            List<HeadroomCertificate> certificates = [];
            foreach (var path in paths)
                certificates.Add(await HeadroomSurvey.MeasureAsync(laboratory, await laboratory.ReadProblemsAsync(path, cancellation: cancellation), parse.GetValue(most), cancellation: cancellation));
            Show(certificates);
            foreach (var full in certificates.Where(c => !c.HasHeadroom))
                Console.Error.WriteLine($"{full.Set}: refused. The base policy solves {full.Pass1.Percent} with one program, " +
                    $"more than {HeadroomCertificate.MostOfCeiling:P0} of the {full.FirstCeiling:P1} that can be solved so: make the problems harder or the base policy weaker.");
            return certificates.TrueForAll(c => c.HasHeadroom) ? 0 : 1;
        });
        return command;
    }

    static void Show(List<HeadroomCertificate> certificates)
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumns(["", .. certificates.Select(c => c.Set)]);
        Row("problems looked at", c => $"{c.Problems}");
        Row("best first program", c => Percent(c.FirstCeiling));
        Row("best dialogue of three turns", c => Percent(c.ThirdCeiling));
        Row("base policy, pass@1", c => c.Pass1.Percent);
        Row("base policy, pass@10", c => c.Pass10.Percent);
        foreach (var family in certificates.SelectMany(c => c.ByFamily.Keys).Distinct().Order())
            Row($"  {family}: pass@1, pass@10", c => c.ByFamily.TryGetValue(family, out var of) ? $"{Percent(of.Pass1)}, {Percent(of.Pass10)}" : "");
        Row("its programs that pass publicly and fail privately", c => c.FailsPrivately is { } share ? Percent(share) : "none passed");
        Row("broken references that pass publicly", c => c.UnseenBugs is { } share ? Percent(share) : "none broken");
        Row("headroom", c => c.HasHeadroom ? "yes" : "no: refused");
        Terminal.Output.Write(table);

        void Row(string name, Func<HeadroomCertificate, string> cell) => table.AddRow([name, .. certificates.Select(cell)]);
        static string Percent(double share) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{100 * share:F1} %");
    }
}
