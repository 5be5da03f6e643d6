using System.Runtime.InteropServices;
using Rlef.Dialogue;
using Rlef.Experiments;
using Rlef.Policy;

namespace Rlef.Cli.Tests;

/// <summary>What goes wrong around a run: each fault is one clear message, and costs nothing that was finished.</summary>
public sealed class FaultTests(FaultTests.Whole whole) : IClassFixture<FaultTests.Whole>
{
    const int Updates = 4;

    /// <summary>A run that nothing happened to.</summary>
    public sealed class Whole : IAsyncLifetime
    {
        internal TrainFolder Folder { get; } = new();
        internal string[] Metrics { get; private set; } = [];

        public async ValueTask InitializeAsync()
        {
            var (code, _, error) = await Folder.TrainAsync("whole", Updates);
            Assert.True(code == 0, error);
            Metrics = Folder.Metrics("whole");
            Assert.Equal(Updates, Metrics.Length);
        }

        public ValueTask DisposeAsync()
        {
            Folder.Dispose();
            return default;
        }
    }

    TrainFolder Folder => whole.Folder;

    static void IsOneLine(string error) => Assert.Single(error.Trim().Split('\n'));

    [Fact]
    public async Task A_run_whose_disk_fills_up_goes_on_when_there_is_room()
    {
        // A file system of 45 MB: with the filler there is no room for the third checkpoint.
        var script = $"""
            train() {'{'} {string.Join(' ', Folder.Arguments("/mnt/run", Updates).Select(a => $"'{a}'").Prepend("dotnet"))}; {'}'}
            head -c 15000000 /dev/zero > /mnt/filler
            train > /dev/null; echo $?
            find /mnt/run -name '*.tmp' -o -name '00000?' | sort | tr '\n' ' '
            rm /mnt/filler
            echo; train > /dev/null; echo $?
            cp -r /mnt/run '{Folder.File("refilled")}'
            """;
        using var process = Processes.Start("bwrap", ["--dev-bind", "/", "/", "--size", "45000000", "--tmpfs", "/mnt", "bash", "-c", script],
            ("OMP_NUM_THREADS", "1"));
        var (_, output, error) = await process.FinishAsync();
        var lines = output.Split('\n');
        Assert.True(lines.Length > 2, output + error);
        Assert.Equal(("1", "/mnt/run/checkpoints/000001 /mnt/run/checkpoints/000002 ", "0"), (lines[0], lines[1], lines[2]));
        IsOneLine(error);
        Assert.Matches(@"^rlef: No space left on device : '/mnt/run/.*'\. What was finished is kept\. Make room there", error);
        Assert.Equal(whole.Metrics, Folder.Metrics("refilled"));
    }

    [Fact]
    public async Task A_damaged_or_foreign_checkpoint_is_named_and_the_one_before_goes_on()
    {
        await Folder.TrainAsync("damaged", 2);
        var metrics = File.ReadAllText(Folder.File("damaged", "metrics.jsonl"));
        var newest = Folder.File("damaged", "checkpoints", "000002");

        var weights = Path.Combine(newest, "model.safetensors");
        var bytes = File.ReadAllBytes(weights);
        bytes[bytes.Length / 2] ^= 8;
        File.WriteAllBytes(weights, bytes);
        await RefusedAsync(weights, "checksum", "Delete that folder to go on from update 1");
        bytes[bytes.Length / 2] ^= 8;
        File.WriteAllBytes(weights, bytes);

        foreach (var file in (string[])["counters.json", "memory.json"])
        {
            var path = Path.Combine(newest, file);
            var text = File.ReadAllText(path);
            File.WriteAllText(path, text[..20]);
            await RefusedAsync(path, "Delete that folder");
            File.WriteAllText(path, text);
        }

        using (var @base = PolicyCheckpoint.Load(Home.File("data", "nano", "base")))
        using (var wider = new PolicyCheckpoint(new Transformer(@base.Model.Config with { IntermediateSize = 64 }), @base.TokenizerJson, PlainChat.Template))
            wider.Save(Folder.File("wider"));
        await RefusedAsync(Folder.File("damaged"), "begun with policy ", "Continue it as it was begun", "--policy", Folder.File("wider"));

        Assert.Equal(metrics, File.ReadAllText(Folder.File("damaged", "metrics.jsonl")));
        Directory.Delete(newest, true);
        Assert.Equal(0, (await Folder.TrainAsync("damaged", Updates)).Code);
        Assert.Equal(whole.Metrics, Folder.Metrics("damaged"));

        async Task RefusedAsync(string file, string fault, string wayOut = "", params string[] more)
        {
            var (code, _, error) = await Processes.RunAsync("dotnet", [.. Folder.Arguments(Folder.File("damaged"), Updates), .. more]);
            Assert.Equal(1, code);
            IsOneLine(error);
            Assert.StartsWith($"rlef: {file}", error);
            Assert.Contains(fault, error);
            Assert.Contains(wayOut, error);
        }
    }

    [Fact]
    public async Task Another_configuration_does_not_go_on_with_a_run()
    {
        var (code, _, error) = await Processes.RunAsync("dotnet", [.. Folder.Arguments(Folder.File("whole"), Updates), "--turns", "1"]);
        Assert.Equal(1, code);
        Assert.StartsWith($"rlef: {Folder.File("whole")} holds another run: it was begun with", error);
        Assert.Equal(whole.Metrics, Folder.Metrics("whole"));
    }

    [Theory]
    [InlineData("{\"learning_rat\": 1}", "'learning_rat'")]
    [InlineData("{\"turn_limit\": 0}", "turn_limit must be at least 1")]
    [InlineData("{\"turn_limit\": \"three\"}", "$.turn_limit")]
    [InlineData("{\"reward\": \"gold\"}", "there is no reward 'gold'")]
    [InlineData("{\"problems\": \"mine.jsonl\"}", "problems: \"mine.jsonl\" is not read from a recipe; name it by --problems.")]
    [InlineData("[]", "object")]
    public async Task Faulty_settings_are_named(string json, string fault)
    {
        var file = Folder.File($"settings-{Guid.NewGuid():n}.json");
        File.WriteAllText(file, json);
        var (code, _, error) = await Processes.RlefAsync("train", "--run", Folder.File("never"), "--config", file);
        Assert.Equal(1, code);
        Assert.StartsWith($"rlef: {file}: ", error);
        Assert.Contains(fault, error);
    }

    // The way to repeat a run elsewhere, and an easy slip.
    [Fact]
    public async Task A_recipe_that_was_another_policy_s_on_other_problems_is_told_as_such()
    {
        File.WriteAllLines(Folder.File("few.jsonl"), File.ReadLines(Folder.File("problems.jsonl")).Take(4));
        var (code, _, error) = await Processes.RlefAsync("train", "--run", Folder.File("elsewhere"), "--config", Folder.File("whole", "config.json"), "--updates", "1",
            "--policy", Home.File("data", "nano", "base-8"), "--problems", Folder.File("few.jsonl"));
        Assert.Equal(0, code);
        Assert.Contains("train: the recipe is of a run that began with another policy", error);
        Assert.Contains("train: the recipe is of a run on other problems, problems (12) ", error);
        Assert.Contains("and this run is on few (4) ", error);
    }

    [Fact]
    public async Task Packages_of_a_recipe_are_asked_for_unless_an_option_names_others()
    {
        var file = Folder.File("packages.json");
        File.WriteAllText(file, "{\"python_packages\": \"neverheard 1.0, ofthem 2\"}");
        var (code, _, error) = await Processes.RlefAsync("train", "--run", Folder.File("never"), "--config", file);
        Assert.Equal(1, code);
        Assert.Contains("no package neverheard, ofthem.", error);
        (_, _, error) = await Processes.RlefAsync("train", "--run", Folder.File("never"), "--config", file, "--python-packages", "another");
        Assert.Contains("no package another.", error);
    }

    [Fact]
    public async Task A_machine_without_tools_is_told_what_to_install()
    {
        var dotnet = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", "dotnet"));
        var (code, _, error) = await Processes.RunAsync("bwrap", "--dev-bind", "/", "/", "--tmpfs", "/usr/bin", dotnet, Processes.Dll, "sandbox", "layers");
        Assert.Equal(1, code);
        IsOneLine(error);
        Assert.Contains("apt-get install", error);
        Assert.Contains("bubblewrap", error);
        (code, var output, _) = await Processes.RunAsync("bwrap", "--dev-bind", "/", "/", "--tmpfs", "/usr/bin", dotnet, Processes.Dll, "doctor");
        Assert.Equal(1, code);
        Assert.Contains("Not ready", output);
    }
}
