using System.CommandLine;
using Rlef.Execution;
using Rlef.Storage;

namespace Rlef.Cli.Commands;

static class SandboxCommand
{
    public static Command Create() => new("sandbox", "Run a program as the judge runs it.") { Run(), Layers() };

    static Command Run()
    {
        var file = new Argument<string>("FILE") { Description = "A Python program." };
        var input = new Option<string>("--input") { Description = "Its standard input.", DefaultValueFactory = _ => "" };
        var command = new Command("run", "Run one program in the sandbox.\n\nExample:  rlef sandbox run solution.py --input '1 2 3'") { file, input };
        var option = SandboxOption.AddTo(command);
        command.SetAction(async (parse, cancellation) =>
        {
            var program = Utf8File.Read(parse.GetValue(file)!);
            await using var sandbox = await option.StartAsync(parse, 1, cancellation);
            var request = new ExecutionRequest(program, [parse.GetValue(input)!], null, Limits.Default, Isolation.PerTest);
            var result = (await sandbox.RunAsync(request, cancellation))[0];
            Console.Write(result.Output);
            if (result.Error is { } error)
                Console.Error.WriteLine(error.Traceback);
            Console.Error.WriteLine($"{result.Status}, {result.Cpu.TotalMilliseconds:F1} ms of processor time");
            return result.Status == ExecutionStatus.Completed ? 0 : 1;
        });
        return command;
    }

    static Command Layers()
    {
        var command = new Command("layers", "Say what stands between a program and this machine.");
        var option = SandboxOption.AddTo(command);
        command.SetAction(async (parse, cancellation) =>
        {
            await using var sandbox = await option.StartAsync(parse, 1, cancellation);
            foreach (var layer in sandbox.Layers)
                Console.WriteLine(layer);
            Console.WriteLine($"programs at once: {Sandbox.DefaultWorkers}, one a processor, as affinity and the control group's quota grant them");
        });
        return command;
    }
}
