using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Rlef.Cli.Tests;

/// <summary>Validating sets and scoring samples, as a user does.</summary>
public sealed class ProblemSetTests : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("rlef-sets-").FullName;

    const string Set = """
        {"task_id":"T/0","prompt":"def add(a, b):\n","entry_point":"add","canonical_solution":"    return a + b\n","test":"def check(candidate):\n    assert candidate(1, 2) == 3\n    assert candidate(2, 2) == 4\n"}
        {"task_id":"T/1","prompt":"def neg(a):\n","entry_point":"neg","canonical_solution":"    return -a\n","test":"def check(candidate):\n    assert candidate(1) == -1\n    assert candidate(0) == 0\n"}
        """;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    string Write(string name, string text)
    {
        var path = Path.Combine(folder, name);
        File.WriteAllText(path, text);
        return path;
    }

    static async Task<(int Code, string Output, string Error)> RlefAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "rlef.dll"), .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, await output, await error);
    }

    [Fact]
    public async Task A_public_set_is_validated_with_progress_on_standard_error()
    {
        var (code, output, error) = await RlefAsync("problems", "validate", Write("set.jsonl", Set));
        Assert.Equal((0, """{"problems":2,"references":2,"accepted":2,"empty_rejected":2,"faults":0}"""), (code, output.Trim()));
        Assert.Contains("2/2", error);
    }

    [Fact]
    public async Task Faults_are_told_with_file_line_and_reason()
    {
        var file = Write("set.jsonl", Set + "\n" + Set.Split('\n')[1].Replace("T/1", "T/2").Replace("-a", "a") + "\noops\n");
        var (code, output, _) = await RlefAsync("problems", "validate", file, "--json");
        var lines = output.Trim().Split('\n').Select(l => JsonNode.Parse(l)!).ToArray();
        Assert.Equal(1, code);
        Assert.Equal("""{"problems":4,"references":3,"accepted":2,"empty_rejected":2,"faults":2}""", lines[^1].ToJsonString());
        Assert.Equal([(file, 3, "T/2"), (file, 4, "")], lines[..^1].Select(l => (l["file"]!.ToString(), l["line"]!.GetValue<int>(), l["problem"]!.ToString())));
        Assert.Contains("the reference fails the tests of its own set", lines[0]["reason"]!.ToString());
        var (_, text, _) = await RlefAsync("problems", "validate", file);
        Assert.StartsWith($"{file}, line 3, problem 'T/2', field 'reference': ", text);
    }

    [Fact]
    public async Task Problems_that_are_never_or_always_solved_are_left_out()
    {
        var set = Write("set.jsonl", Set + "\n" + Set.Split('\n')[1].Replace("T/1", "T/2"));
        string Results(int third) => Write("solved.json", $$"""{"tasks": [{"task_id": "T/0", "n": 4, "c": 0}, {"task_id": "T/1", "n": 4, "c": 1}, {"task_id": "T/2", "n": 4, "c": {{third}}}]}""");
        var output = Path.Combine(folder, "open.jsonl.gz");
        var (code, text, _) = await RlefAsync("problems", "select", set, "--results", Results(third: 4), "--out", output);
        Assert.Equal((0, """{"problems":3,"never":1,"always":1,"kept":1}"""), (code, text.Trim()));
        (code, text, _) = await RlefAsync("problems", "validate", output);
        Assert.Equal((0, """{"problems":1,"references":1,"accepted":1,"empty_rejected":1,"faults":0}"""), (code, text.Trim()));

        foreach (var (results, fault) in ((string, string)[])
        [
            (Results(third: 4).Replace("solved", "missing"), "missing.json"),
            (Write("other.json", """{"tasks": [{"task_id": "T/0", "n": 4, "c": 0}]}"""), "says nothing of problem 'T/1'"),
            (Write("none.json", """{"tasks": [{"task_id": "T/0", "n": 4, "c": 0}, {"task_id": "T/1", "n": 4, "c": 0}, {"task_id": "T/2", "n": 4, "c": 4}]}"""), "always or never (1 and 2)"),
            (Write("list.json", "[]"), "list.json"),
            (Write("part.json", """{"tasks": [{"task_id": "T/0", "n": 4}]}"""), "part.json"),
        ])
        {
            var refused = await RlefAsync("problems", "select", set, "--results", results, "--out", Path.Combine(folder, "x.jsonl"));
            Assert.Equal((1, false), (refused.Code, File.Exists(Path.Combine(folder, "x.jsonl"))));
            Assert.Contains(fault, refused.Error);
        }
    }

    [Fact]
    public async Task Samples_are_scored_into_results()
    {
        var problems = Write("set.jsonl", Set);
        var samples = Write("samples.jsonl", """
            {"task_id":"T/0","completion":"    return b + a\n"}
            {"task_id":"T/1","completion":"    return 0 - a\n"}
            {"task_id":"T/0","completion":"    return 3\n"}
            {"task_id":"T/1","program":"def neg(a): 1/0"}
            """);
        var results = Path.Combine(folder, "results.json");
        var (code, output, error) = await RlefAsync("evaluate", "--problems", problems, "--samples", samples, "--k", "1,2,10", "--out", results);
        Assert.Equal(0, code);
        Assert.Contains("pass@1    50.0 %", output);
        Assert.Contains("RuntimeError", output);
        Assert.Contains("4/4", error);
        Assert.Contains("k = 10", error);
        var json = JsonNode.Parse(File.ReadAllText(results))!;
        Assert.Equal("""{"1":0.5,"2":1}""", json["pass@k"]!.ToJsonString());
        Assert.Equal("""{"task_id":"T/0","n":2,"c":1,"verdicts":["Accepted","WrongAnswer"]}""", json["tasks"]![0]!.ToJsonString());
        Assert.False(File.Exists(results + ".journal"));
    }

    [Theory]
    [InlineData("--samples nowhere.jsonl --problems {set}", "nowhere.jsonl")]
    [InlineData("--samples {set}", "--problems")]
    [InlineData("--samples {set} --problems {set} --k 0", "--k 0")]
    [InlineData("--samples {set} --problems {set} --format humanevil", "humanevil")]
    [InlineData("--samples {set} --problems {set}", "line 1, field 'completion'")]
    [InlineData("--samples 0", "--samples 0")]
    [InlineData("--samples {folder} --problems {set}", "is a folder")]
    [InlineData("--samples {set} --problems {set} --out {folder}", "--out {folder} is a folder")]
    [InlineData("--samples {set} --problems {set} --out {folder}/no/results.json", "does not exist")]
    [InlineData("--samples {set} --problems {set} --out {set}", "would replace")]
    [InlineData("--samples {set} --problems {set} --turns 2", "--turns has no part")]
    [InlineData("--details", "--details needs a samples file")]
    [InlineData("--shots 2", "--shots needs dialogues to take them from: --examples FILE")]
    [InlineData("--examples {set} --shots 0", "--shots must be at least 1, not 0.")]
    [InlineData("--k 1,x", "--k 1,x: positive numbers")]
    [InlineData("--examples {folder}/no.jsonl", "no.jsonl: there is no such file")]
    [InlineData("--samples {set} --problems {set} --examples {set}", "--examples has no part")]
    [InlineData("--retries 2", "--retries needs a served model")]
    [InlineData("--endpoint http://127.0.0.1:1/v1", "--endpoint needs --model")]
    [InlineData("--endpoint 127.0.0.1:1 --model m", "--endpoint 127.0.0.1:1 is no address")]
    [InlineData("--endpoint http://a:b@127.0.0.1:1/v1 --model m", "A key belongs into RLEF_API_KEY")]
    [InlineData("--endpoint http://127.0.0.1:1/v1 --model m --price-in 1", "belong together")]
    [InlineData("--endpoint http://127.0.0.1:1/v1 --model m --device cpu", "--device has no part in playing a served model")]
    [InlineData("--endpoint http://127.0.0.1:1/v1 --model m", "http://127.0.0.1:1/v1 cannot be reached")]
    public async Task What_cannot_be_scored_is_refused_by_name(string line, string named)
    {
        var set = Write("set.jsonl", Set);
        var (code, output, error) = await RlefAsync(["evaluate", .. line.Replace("{set}", set).Replace("{folder}", folder).Split(' ')]);
        Assert.NotEqual(0, code);
        Assert.Contains(named.Replace("{folder}", folder), output + error);
        Assert.Equal(Set, File.ReadAllText(set));
    }

    [Theory]
    [InlineData("problems select {set} --results results.json --out {set}", "would replace {set}")]
    [InlineData("problems select {set} --results results.json --out {folder}/no/open.jsonl", "does not exist")]
    [InlineData("problems drafts {set}#1-2 --results results.json --out {set}", "would replace {set}")]
    [InlineData("tune --policy {folder} --problems {set} --out {folder}/", " itself; name another folder")]
    [InlineData("tune --policy {folder}/ --problems {set} --out {folder}", " itself; name another folder")]
    [InlineData("report {folder} --out {set}", "a page has a name that ends with .html")]
    [InlineData("model convert {folder} {folder}/", " itself; name another folder")]
    public async Task What_is_read_is_never_written_over(string line, string named)
    {
        var set = Write("set.jsonl", Set);
        var (code, output, error) = await RlefAsync(line.Replace("{set}", set).Replace("{folder}", folder).Split(' '));
        Assert.NotEqual(0, code);
        Assert.Contains(named.Replace("{set}", set), output + error);
        Assert.Equal(Set, File.ReadAllText(set));
    }

    [Fact]
    public async Task An_interrupted_command_says_so_and_keeps_what_it_judged()
    {
        var samples = Write("samples.jsonl", """{"task_id":"T/0","completion":"    return a + b"}""" + "\n" +
            string.Concat(Enumerable.Repeat("""{"task_id":"T/1","completion":"    while True: pass"}""" + "\n", 9)));
        var results = Path.Combine(folder, "results.json");
        using var process = Processes.Start("dotnet", [Processes.Dll, "evaluate", "--problems", Write("set.jsonl", Set), "--samples", samples, "--out", results]);
        while (await process.StandardError.ReadLineAsync() is { } line && !line.StartsWith("judging: 1/"))
        {
        }
        await Processes.RunAsync("kill", "-TERM", $"{process.Id}");
        var (code, _, error) = await process.FinishAsync();
        Assert.Equal((130, "rlef: interrupted. The same command goes on from what it kept, or begins anew."), (code, error.Trim().Split('\n')[^1]));
        var kept = File.ReadAllLines(results + ".journal")[1..];
        Assert.InRange(kept.Length, 1, 9);
        Assert.All(kept, row => Assert.Matches("^(0 Accepted 1|[1-9] TimeLimit 0)$", row));
    }

    [Fact]
    public async Task A_pipe_is_refused_by_name()
    {
        var (code, _, error) = await Processes.RunAsync("bash", "-c", $"dotnet '{Processes.Dll}' problems validate <(cat '{Write("set.jsonl", Set)}')");
        Assert.Equal(1, code);
        Assert.Matches("^rlef: /dev/fd/.* is a pipe", error);
    }

    [Fact]
    public async Task A_fault_is_one_line_whatever_was_printed()
    {
        var file = Write("set.jsonl", """{"id":"a","statement":"-","public_tests":[{"input":"","output":"1\n2"}],"private_tests":[{"input":"","output":"1\n2"}],"reference":"print(1)\nprint(3)"}""");
        var (_, output, _) = await RlefAsync("problems", "validate", file);
        Assert.EndsWith(@"it printed '1\n3' instead of '1\n2'", output.Split('\n')[0]);
    }

    [Theory]
    [InlineData(null, "neither a file nor a folder")]
    [InlineData("", "the file is empty.")]
    [InlineData("\n\n", "the file has no problems.")]
    [InlineData("[]", "the file has no problems.")]
    [InlineData("{\n  \"id\": \"a\",\n  \"statement\": \"-\"\n}\n", "the JSON goes on over several lines")]
    [InlineData("\n{\"id\": \"a\",\n\"statement\": \"-\"}\n", "line 2: the JSON goes on over several lines")]
    [InlineData("{\"id\": \"a\"\n{\"id\": \"b\"}\n", "line 1: not JSON at byte")]
    [InlineData("{'id': 'a'}\n", "single quotes")]
    [InlineData("not json\n", "line 1: not JSON")]
    public async Task A_set_that_cannot_be_read_is_told_in_a_sentence_before_the_last_line(string? text, string sentence)
    {
        var file = text is null ? "/nowhere/set.jsonl" : Write("set.jsonl", text);
        var (code, output, error) = await RlefAsync("problems", "validate", file);
        Assert.Equal(1, code);
        Assert.StartsWith($"rlef: {file}", error);
        Assert.Contains(sentence, error);
        Assert.Single(error.Trim().Split('\n'));
        var last = JsonDocument.Parse(output.Trim()).RootElement;
        Assert.Equal((0, 1), (last.GetProperty("problems").GetInt32(), last.GetProperty("faults").GetInt32()));
        Assert.Contains(sentence, last.GetProperty("error").GetString());
    }

    [Fact]
    public async Task A_list_over_several_lines_is_read()
    {
        var file = Write("set.json", "[\n  {\n    \"id\": \"a\", \"statement\": \"-\",\n    \"public_tests\": [{\"input\": \"\", \"output\": \"1\"}],\n    \"private_tests\": [{\"input\": \"\", \"output\": \"1\"}]\n  },\n  {\"id\": \"b\"}\n]\n");
        var (_, output, _) = await RlefAsync("problems", "validate", file);
        Assert.Contains("set.json, line 7, problem 'b'", output);
    }

    [Fact]
    public async Task Services_that_claim_to_show_colours_get_none_in_a_pipe()
    {
        using var process = Processes.Start("dotnet", [Processes.Dll, "doctor"], ("GITHUB_ACTIONS", "true"), ("TERM", "xterm-256color"), ("COLORTERM", "truecolor"));
        Assert.DoesNotContain('\u001b', (await process.FinishAsync()).Output);
    }
}
