using System.CommandLine;
using Rlef.Dialogue;
using Rlef.Execution;
using Rlef.Problems;
using Rlef.Server;

namespace Rlef.Cli.Commands;

/// <summary>Offers the judge to other programs.</summary>
static class JudgeServeCommand
{
    // A sleeper may take as many times the processor time of a test.
    const int Wall = 5;

    public static Command Create()
    {
        var standard = new JudgeServerOptions();
        var problems = new Option<string?>("--problems") { Description = "Problems that requests may name: a file or folder, as of evaluate. Without, requests bring tests." };
        var format = ProblemsCommand.Format();
        var common = new ServerOptionsOf<JudgeServerOptions>(standard);
        var wording = WordingOption.Create("codecontests");
        var cpu = new Option<double>("--cpu-seconds")
        {
            Description = "Processor time of a test, for problems without limits of their own.",
            DefaultValueFactory = _ => standard.Limits.Cpu.TotalSeconds,
        };
        var memory = new Option<int>("--memory-mb")
        {
            Description = "Memory of a test, for problems without limits of their own.",
            DefaultValueFactory = _ => (int)(standard.Limits.MemoryBytes >> 20),
        };
        var programs = new Option<int>("--max-programs") { Description = "Programs in a request.", DefaultValueFactory = _ => standard.MaxPrograms };
        var tests = new Option<int>("--max-tests") { Description = "Tests that a request brings for a program.", DefaultValueFactory = _ => standard.MaxTests };
        var command = new LastingCommand("serve", "Offer the judge over HTTP, to the reward functions of TRL, verl and verifiers among others. docs/serving.md has requests and answers. " +
            $"{ApiKey.Variable} holds the key that clients must show. Ctrl+C, or SIGTERM, finishes what is under way and ends.\n\nExample:  rlef judge serve --problems HumanEval.jsonl.gz")
        {
            GraceSeconds = common.GraceSeconds,
            Options = { problems, format, common.Host, common.Port, wording, cpu, memory, common.MaxRequestMb, programs, tests, common.MaxRequests, common.MaxSeconds, common.GraceSeconds },
        };
        var sandbox = SandboxOption.AddTo(command);
        command.SetAction(async (parse, cancellation) =>
        {
            var options = common.Read(parse, new()
            {
                Wording = DialogueWording.All[parse.GetValue(wording)!],
                Limits = Limits.Default with
                {
                    Cpu = TimeSpan.FromSeconds(parse.GetValue(cpu)),
                    Wall = TimeSpan.FromSeconds(parse.GetValue(cpu) * Wall),
                    MemoryBytes = (long)parse.GetValue(memory) << 20,
                },
                MaxPrograms = parse.GetValue(programs),
                MaxTests = parse.GetValue(tests),
            });
            await using var opened = await sandbox.StartAsync(parse, null, cancellation);
            var set = parse.GetValue(problems) is { } path ? await ReadAsync(path, parse.GetValue(format), opened, cancellation) : null;
            await using var server = await JudgeServer.StartAsync(opened, set, options, cancellation);
            Console.WriteLine($"The judge listens at {server.Address} ({(set is null ? "no problems" : $"{set.Count} problems of {set.Name}")}; {(options.Key is null ? "no key" : "with a key")}).");
            await LastingCommand.InterruptedAsync(cancellation);
            return 0;
        });
        return command;
    }

    static async Task<ProblemSet> ReadAsync(string path, string? format, ISandbox sandbox, CancellationToken cancellation)
    {
        var reading = await ProblemsCommand.ReadAsync(path, sandbox, format, cancellation);
        return reading.ToSet(faults =>
        {
            foreach (var fault in faults)
                Console.Error.WriteLine($"not offered: {fault}");
        });
    }
}
