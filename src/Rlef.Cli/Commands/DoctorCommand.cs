using System.CommandLine;
using Rlef.Execution;
using Rlef.Experiments;
using Rlef.Learning;
using Rlef.Native;
using Rlef.Notebooks.Figures;
using Rlef.Notebooks.Jupyter;
using Rlef.Policy;
using Rlef.Problems;
using Spectre.Console;
using TorchSharp;

namespace Rlef.Cli.Commands;

static class DoctorCommand
{
    const long LeastRoom = 500_000_000;

    public static Command Create()
    {
        var command = new Command("doctor", "Say what was found on this machine, and what is missing.");
        command.SetAction(async (_, cancellation) => await RunAsync(cancellation));
        return command;
    }

    static async Task<int> RunAsync(CancellationToken cancellation)
    {
        var table = new Table().AddColumns("", "part", "found").Border(TableBorder.Rounded);
        var ready = true;
        Row(true, "revision", RunEnvironment.CurrentRevision);
        Row(true, ".NET", $"{Environment.Version} on {System.Runtime.InteropServices.RuntimeInformation.OSDescription}");
        try
        {
            TorchLibrary.Require();
            Row(true, "libtorch", $"{torch.__version__}, {(torch.cuda.is_available() ? "CUDA" : "CPU only")}, {Cores.Count} threads\n{ProductSpeed.Measure()}" +
                (TorchLibrary.Remedy is { } remedy ? $"\nTorchSharp's library {remedy}" : ""));
        }
        catch (Exception e) when (e is DllNotFoundException or TypeInitializationException)
        {
            ready = Row(false, "libtorch", e.GetBaseException().Message);
        }
        foreach (var name in Sandbox.Names)
            try
            {
                await using var sandbox = await Sandbox.StartAsync(name, 1, cancellation: cancellation);
                Row(true, $"sandbox ({name})", string.Join('\n', sandbox.Layers));
            }
            catch (Exception e) when (e is SandboxUnavailableException or ArgumentException)
            {
                // One is enough, and the default is what must be there.
                var found = Row(false, $"sandbox ({name})", e.Message);
                ready = name == Sandbox.Default ? found : ready;
            }
        Tool("python", "/usr/bin/python3", "apt-get install python3");
        Tool("jupyter", "/usr/bin/jupyter-nbconvert", "apt-get install jupyter-nbconvert python3-ipykernel jupyter-client (only to run notebooks in Jupyter)");
        var kernel = Path.Combine(JupyterKernel.DataFolder, "kernels", JupyterKernel.Name, "kernel.json");
        Row(File.Exists(kernel), "jupyter kernel", File.Exists(kernel) ? kernel : "./rlef notebook kernel install (only to run notebooks in Jupyter and VS Code)");
        Row(Browser.Find() is not null, "chromium", Browser.Find() ?? "apt-get install chromium (only for static pictures in reports)");
        try
        {
            using var policy = PolicyCheckpoint.Load(Home.File("data", "nano", "base"));
            string[] splits = ["train", "validation", "test"];
            Row(true, "nano world", $"base policy of {policy.Model.ParameterCount:N0} parameters, " +
                string.Join(", ", splits.Select(split => $"{Laboratory.Nano(split).Count} {split}")) + " problems");
        }
        catch (DllNotFoundException)
        {
            Row(false, "nano world", "needs libtorch");
        }
        catch (Exception e) when (e is IOException or InvalidDataException or ProblemFormatException)
        {
            ready = Row(false, "nano world", $"{e.Message} Bring it back: git checkout -- data");
        }
        var room = new DriveInfo(Home.Folder).AvailableFreeSpace;
        Row(room > LeastRoom, "disk", $"{room / 1e9:F1} GB free in {Home.Folder}" + (room > LeastRoom ? "" : ": make room, a run and its checkpoints need about 0.1 GB"));
        Row(true, "machine", $"{Environment.ProcessorCount} cores, {GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >> 30} GiB, " +
            $"OMP_NUM_THREADS={Environment.GetEnvironmentVariable("OMP_NUM_THREADS") ?? "not set"}");
        Terminal.Output.Write(table);
        Console.WriteLine(ready ? "Ready: ./rlef run" : "Not ready: what is marked ✗ and is not 'only for' something is missing.");
        return ready ? 0 : 1;

        bool Row(bool found, string part, string text)
        {
            table.AddRow(new Markup(found ? "[green]✓[/]" : "[yellow]✗[/]"), new Text(part), new Text(text));
            return found && ready;
        }

        void Tool(string part, string path, string wayOut) => Row(File.Exists(path), part, File.Exists(path) ? path : wayOut);
    }
}
