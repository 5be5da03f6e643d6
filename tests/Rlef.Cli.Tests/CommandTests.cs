using Rlef.Notebooks.Documents;
using static Rlef.Cli.Tests.Processes;

namespace Rlef.Cli.Tests;

/// <summary>The built command as a user runs it.</summary>
public sealed class CommandTests
{
    static string Temporary(string text)
    {
        var path = Path.GetTempFileName();
        File.WriteAllText(path, text);
        return path;
    }

    [Theory]
    [InlineData("trian", "unknown command 'trian'. Did you mean 'train'?")]
    [InlineData("tset", "unknown command 'tset'. Did you mean 'test'?")]
    [InlineData("xyzzy", "unknown command 'xyzzy'. See ./rlef --help.")]
    [InlineData("train --run x --udpates 3", "unknown option '--udpates' of train. Did you mean '--updates'?")]
    [InlineData("publish --ot x", "unknown option '--ot' of publish. Did you mean '--out'?")]
    [InlineData("doctor --debgu", "unknown option '--debgu' of doctor. Did you mean '--debug'?")]
    [InlineData("train --run x extra", "train does not take 'extra'.")]
    [InlineData("train", "train: Option '--run' is required.")]
    [InlineData("problems", "problems needs one of: ")]
    [InlineData("report", "report: RUN is missing.")]
    [InlineData("notebook run", "notebook run: FILES is missing.")]
    [InlineData("train --run x --reward gold", "there is no reward 'gold': known are rlef, coarse")]
    [InlineData("train --run x --set reward=coarse", "--set reward: has an option of its own, --reward.")]
    [InlineData("train --run x --seed 1 --set seed=2", "--seed and --set seed are the same setting; give one.")]
    [InlineData("problems generate --hidden 0.5", "--hidden is of the micro world; the nano world has --difficulty.")]
    [InlineData("problems generate --world micro --difficulty 1", "--difficulty and --seed are of the nano world; the micro world has --hidden.")]
    [InlineData("train --run x --updates -3", "train: --updates must be at least 1, not -3.")]
    [InlineData("train --run x --updates many", "'many' for option '--updates' as a whole number.")]
    [InlineData("train --run x --seed -1", "'-1' for option '--seed' as a whole number from 0.")]
    [InlineData("train --run x --turns 0", "--turns must be at least 1, not 0.")]
    [InlineData("train --run x --learning-rate 0", "--learning-rate must be more than 0, not 0.")]
    [InlineData("evaluate --temperature -0.1", "--temperature must be at least 0, not -0.1.")]
    [InlineData("evaluate --temperature NaN", "--temperature must be at least 0, not NaN.")]
    [InlineData("evaluate --temperature 0,5", "--temperature must be a number, such as 0.5, not 0,5.")]
    [InlineData("evaluate --temperature abc", "--temperature must be a number, such as 0.5, not abc.")]
    [InlineData("evaluate --price-in 1,000", "--price-in must be a number, such as 0.5, not 1,000.")]
    [InlineData("evaluate --max-tokens 1,000", "'1,000' for option '--max-tokens' as a whole number.")]
    [InlineData("model generate --model x --max-tokens 3.0", "'3.0' for option '--max-tokens' as a whole number.")]
    [InlineData("model generate --model x --temperature abc", "--temperature must be a number, such as 0.5, not abc.")]
    [InlineData("model generate --model x --temperature Infinity", "--temperature must be at least 0, not Infinity.")]
    [InlineData("model generate --model x --top-p 0", "--top-p must be more than 0 and at most 1, not 0.")]
    [InlineData("run --test-problems 0", "--test-problems must be at least 1, not 0.")]
    [InlineData("tune --policy x --problems y --out z --epochs 0", "--epochs must be at least 1, not 0.")]
    [InlineData("tune --policy x --problems y --out z --batch-tokens -5", "--batch-tokens must be at least 1, not -5.")]
    [InlineData("notebook run x.ipynb --cell-timeout 1e20", "--cell-timeout must be more than 0 and at most 16777216, not 1e20.")]
    [InlineData("pretrain --out x --steps 0", "--steps must be at least 1, not 0.")]
    [InlineData("problems generate --out ", "problems generate: --out is empty.")]
    [InlineData("report ", "report: RUN is empty.")]
    public async Task A_word_or_value_that_cannot_be_is_refused_in_one_line(string line, string message)
    {
        var (code, output, error) = await RlefAsync(line.Split(' '));
        Assert.Equal((2, ""), (code, output));
        Assert.StartsWith("rlef: ", error);
        Assert.Contains(message, error);
        Assert.Single(error.Trim().Split('\n'));
    }

    [Theory]
    [InlineData("pretrain --steps 1 --out")]
    [InlineData("problems generate --out")]
    [InlineData("publish nowhere.ipynb --out")]
    [InlineData("sweep notebooks/sweeps/rlef-nano.json --runs")]
    public async Task A_folder_that_cannot_be_one_is_told_before_the_work(string line)
    {
        var file = Temporary("");
        foreach (var output in (string[])[file, Path.Combine(file, "sub", "folder")])
        {
            var (code, _, error) = await RlefAsync([.. line.Split(' ').Select(word => word.EndsWith(".json", StringComparison.Ordinal) ? Path.Combine(Root, word) : word), output]);
            Assert.Equal((1, $"rlef: {output}: {(output == file ? "this" : file)} is a file; name a folder."), (code, error.Trim()));
        }
        File.Delete(file);
    }

    [Fact]
    public async Task A_setting_that_is_not_known_is_told_with_the_one_that_was_meant() =>
        Assert.StartsWith("rlef: --set learning_rat=1: there is no setting 'learning_rat'. Did you mean 'learning_rate'? The settings", (await RlefAsync("train", "--run", "x", "--set", "learning_rat=1")).Error);

    [Fact]
    public async Task An_error_shows_where_it_arose_only_when_asked_to()
    {
        Assert.DoesNotContain(" at Rlef.", (await RlefAsync("problems", "validate", "/nowhere.jsonl")).Error);
        Assert.Contains(" at Rlef.", (await RlefAsync("problems", "validate", "/nowhere.jsonl", "--debug")).Error);
        Assert.Contains("--debug", (await RlefAsync("problems", "validate", "--help")).Output);
    }

    [Fact]
    public async Task Output_that_takes_no_more_is_told_without_talk_of_checkpoints()
    {
        var (code, _, error) = await RunAsync("sh", "-c", "exec dotnet \"$0\" --help > /dev/full", Dll);
        Assert.Equal((1, "rlef: No space left on device for the output."), (code, error.Trim()));
    }

    [Fact]
    public async Task A_cell_that_throws_is_named_by_number_and_line_and_the_outputs_so_far_are_kept()
    {
        var notebook = Notebook.Create();
        notebook.Add(CellKind.Markdown, "# Title");
        notebook.Add(CellKind.Code, "Console.Write(\"first\");");
        notebook.Add(CellKind.Code, "Console.Write(\"second\");\nint.Parse(\"x\");");
        notebook.Add(CellKind.Code, "Console.Write(\"third\");");
        var file = Temporary("");
        notebook.Save(file);
        var (code, _, error) = await RlefAsync("notebook", "run", file);
        Assert.Equal(1, code);
        Assert.StartsWith($"rlef: {file}, cell 2, line 2: System.FormatException: ", error);
        Assert.Equal(["first", "second"], Notebook.Load(file).Cells.Where(c => c.Outputs.Count > 0).Select(c => NotebookCell.Text(c.Outputs[0]!["text"])));
    }

    [Fact]
    public async Task An_interrupted_notebook_ends_with_the_code_of_interrupted_commands()
    {
        var notebook = Notebook.Create();
        notebook.Add(CellKind.Code, "Console.Write(\"first\");");
        notebook.Add(CellKind.Code, "await Task.Delay(-1);");
        var file = Temporary("");
        notebook.Save(file);
        using var process = Processes.Start("dotnet", [Processes.Dll, "notebook", "run", file]);
        while (await process.StandardOutput.ReadLineAsync() is { } line && !line.Contains("cell 1/2", StringComparison.Ordinal))
        {
        }
        await Processes.RunAsync("kill", "-TERM", $"{process.Id}");
        Assert.Equal(130, (await process.FinishAsync()).Code);
    }

    [Theory]
    [InlineData("", "line 1")]
    [InlineData("# a text", "line 1")]
    [InlineData("{\"nbformat\": 4, \"nbformat_minor\": 5, \"metadata\": {}, \"cells\": [{\"cell_type\": \"cod\"}]}", "$.cells[0].cell_type")]
    [InlineData("{\"nbformat\": 3, \"cells\": []}", "$.nbformat")]
    public async Task A_notebook_that_is_none_is_refused_and_left_as_it_is(string text, string place)
    {
        var file = Temporary(text);
        var (code, _, error) = await RlefAsync("notebook", "run", file);
        Assert.Equal(1, code);
        Assert.StartsWith($"rlef: {file}", error);
        Assert.Contains(place, error);
        Assert.Single(error.Trim().Split('\n'));
        Assert.Equal(text, File.ReadAllText(file));
    }

    [Fact]
    public async Task Problems_are_validated_to_one_json_line()
    {
        var file = Temporary("""{"id":"a","statement":"Add.","public_tests":[{"input":"1 2","output":"3"}],"private_tests":[{"input":"2 2","output":"4"}],"reference":"print(sum(map(int,input().split())))"}""" + "\n");
        var (code, output, _) = await RlefAsync("problems", "validate", file, "--json");
        Assert.Equal((0, """{"problems":1,"references":1,"accepted":1,"empty_rejected":1,"faults":0}"""), (code, output.Trim()));
    }

    [Theory]
    [InlineData("{\"id\":\"a\"}", "line 1, field 'statement'")]
    [InlineData("no json", "line 1: not JSON at byte 2")]
    public async Task A_faulty_problem_file_is_named_with_line_and_field(string text, string place)
    {
        var file = Temporary(text);
        var (code, _, error) = await RlefAsync("problems", "validate", file);
        Assert.Equal(1, code);
        Assert.StartsWith($"rlef: {file}, {place}", error);
        Assert.Single(error.Trim().Split('\n'));
    }

    [Fact]
    public async Task A_file_that_is_no_notebook_is_refused()
    {
        var file = Temporary("{\"cells\": 3}");
        var (code, _, error) = await RlefAsync("notebook", "run", file);
        Assert.Equal(1, code);
        Assert.Contains(file, error);
    }

    [Fact]
    public async Task A_folder_that_is_no_policy_is_refused()
    {
        var folder = Directory.CreateTempSubdirectory().FullName;
        var (code, _, error) = await RlefAsync("evaluate", "--policy", folder);
        Assert.Equal(1, code);
        Assert.Contains("config.json", error);
    }

    [Fact]
    public async Task Longer_dialogues_than_the_policy_has_positions_for_are_refused_by_the_option_s_name()
    {
        var (code, _, error) = await RlefAsync("evaluate", "--max-dialogue-tokens", "5000");
        Assert.Equal((1, "rlef: --max-dialogue-tokens 5000: the policy has 1024 positions, which is the most."), (code, error.Trim()));
    }

    [Fact]
    public async Task Programs_at_once_follow_the_quota_of_the_control_group()
    {
        Assert.SkipWhen(Environment.ProcessorCount == 1, "One processor: no quota of whole processors is less.");
        using var group = CpuGroup.Create();
        Assert.SkipWhen(group is null, "No control group with a processor quota can be made here (it needs root, and the cpu controller).");
        Assert.Contains($"programs at once: {Environment.ProcessorCount},", (await RlefAsync("sandbox", "layers")).Output);
        group.Grant(processors: 1);
        var (code, output, error) = await RunAsync("sh", "-c", "echo $$ > \"$0\" && exec dotnet \"$1\" sandbox layers", group.Members, Dll);
        Assert.True(code == 0, error);
        Assert.Contains("programs at once: 1,", output);
    }

    [Fact]
    public async Task Programs_run_in_the_sandbox_by_hand()
    {
        var (code, output, error) = await RlefAsync("sandbox", "run", Temporary("print(int(input())*2)"), "--input", "21");
        Assert.Equal((0, "42\n"), (code, output));
        Assert.Contains("Completed", error);
        Assert.Equal(1, (await RlefAsync("sandbox", "run", Temporary("1/0"))).Code);
    }

    [Fact]
    public async Task The_doctor_names_what_a_run_stands_on()
    {
        var (code, output, _) = await RlefAsync("doctor");
        Assert.Equal(0, code);
        foreach (var part in (string[])["revision", "libtorch", "sandbox", "seccomp", "nano world", "chromium", "jupyter kernel", "disk", "Ready: ./rlef run"])
            Assert.Contains(part, output);
    }
}
