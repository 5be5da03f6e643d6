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
    [InlineData("trian")]
    [InlineData("train --no-such-option")]
    [InlineData("train --run x --reward gold")]
    public async Task An_unknown_word_is_refused_by_name(string line)
    {
        var (code, output, error) = await RlefAsync(line.Split(' '));
        Assert.NotEqual(0, code);
        Assert.Contains(line.Split(' ')[^1], output + error);
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
    [InlineData("no json", "line 1, field '(line)'")]
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
        foreach (var part in (string[])["libtorch", "sandbox", "packages", "seccomp"])
            Assert.Contains(part, output);
    }
}
