using System.IO.Compression;
using System.Text;
using Rlef.Evaluation.Samples;
using Rlef.Execution;
using Rlef.Problems;

namespace Rlef.Core.Tests.Evaluation.Samples;

// Files of samples, in the shapes that others write.
public sealed partial class SampleScorerTests
{
    [Fact]
    public async Task Zipped_samples_are_read_and_broken_ones_named()
    {
        var path = Path.Combine(folder, "s.jsonl.gz");
        using (var zip = new GZipStream(File.Create(path), CompressionLevel.Fastest))
            zip.Write(Encoding.UTF8.GetBytes(string.Join('\n', Enumerable.Range(0, 3000).Select(i => $$"""{"task_id":"double","completion":"print({{i * 7919}})"}"""))));
        Assert.Equal(3000, SampleFile.Read(path, Set).Count());
        // Wherever the data break off, that is the fault, and no row before it.
        var bytes = File.ReadAllBytes(path);
        for (var part = 1; part <= 100; part++)
        {
            File.WriteAllBytes(path, bytes[..(part * (bytes.Length - 1) / 100)]);
            var message = (await Assert.ThrowsAnyAsync<Exception>(() => ScoreAsync(path))).Message;
            Assert.StartsWith($"{path}: the gzip data break off", message);
        }
    }

    [Fact]
    public async Task Bytes_that_are_no_text_are_told_with_their_line()
    {
        var path = Path.Combine(folder, "s.jsonl");
        File.WriteAllBytes(path, [.. Encoding.UTF8.GetBytes(Rows[0] + "\r\n\n" + Rows[1] + "\n"), 0xe9, (byte)'\n', .. Encoding.UTF8.GetBytes(Rows[2])]);
        Assert.StartsWith($"{path}, line 4: ", (await Assert.ThrowsAsync<InvalidDataException>(() => ScoreAsync(path))).Message);
    }

    [Fact]
    public async Task Samples_that_a_Markdown_fence_or_an_end_mark_spoils_are_counted()
    {
        var scores = await ScoreAsync(Write("s.jsonl",
        [
            """{"task_id":"double","program":"```python\nprint(2*int(input()))\n```"}""",
            """{"task_id":"double","program":"Sure:\n```python\nprint(2*int(input()))\n```"}""",
            """{"task_id":"double","program":"'''\n```\n'''\nprint(2*int(input()))"}""",
            """{"task_id":"double","program":"print("}""",
            """{"task_id":"double","program":"print(2*int(input()))<|endoftext|>"}""",
            """{"task_id":"double","program":"'<|im_end|>'\nprint(2*int(input()))"}""",
        ]));
        Assert.Equal((6, 2), (scores.Samples, scores.Tasks[0].C));
        Assert.Equal([("a Markdown fence (```)", 2), ("a model's mark (<|endoftext|>)", 1)], scores.Blemishes);
    }

    [Fact]
    public async Task Why_a_sample_failed_is_kept_where_asked_also_over_an_interruption()
    {
        var flood = "é" + new string('7', 1000);
        string[] rows = [.. Rows, """{"task_id":"double","program":"n = int(input())\nprint(2 * n if n < 2 else 1 // (n - 2))"}""", $$"""{"task_id":7,"program":"print('{{flood}}')"}"""];
        var (samples, journal) = (Write("s.jsonl", rows), Path.Combine(folder, "journal"));
        var scorer = new SampleScorer(Set, sandboxes.Local, details: true);
        using (var stop = new CancellationTokenSource())
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => scorer.ScoreAsync(samples, journal, new Reporter(done => { if (done.Done == 8) stop.Cancel(); }), stop.Token));
        var scores = await scorer.ScoreAsync(samples, journal);
        Assert.Equal((await scorer.ScoreAsync(samples)).ToJson([1]).ToJsonString(), scores.ToJson([1]).ToJsonString());
        Assert.Equal([1, 2, 4], scores.Tasks[0].Failures.Select(f => f.Sample));
        Assert.Equal(new(VerdictKind.WrongAnswer, "private_tests[0]", "2", "4", "2\n", null), scores.Tasks[0].Failures[0].Failure);
        Assert.Contains("SyntaxError", scores.Tasks[0].Failures[1].Failure.Error);
        Assert.Equal((VerdictKind.RuntimeError, "private_tests[0]", "2"), scores.Tasks[0].Failures[2].Failure is var f ? (f.Verdict, f.Test, f.Input) : default);
        Assert.EndsWith("ZeroDivisionError: integer division or modulo by zero", scores.Tasks[0].Failures[2].Failure.Error);
        Assert.Equal(flood[..400] + '…', scores.Tasks[1].Failures[^1].Failure.Got);
        Assert.Equal("""{"sample":2,"verdict":"WrongAnswer","test":"private_tests[0]","input":"5","expected":"2","got":"1\n","error":null}""", scores.ToJson([1])["tasks"]![1]!["failures"]![1]!.ToJsonString());
        // Without details it is another journal, and results say nothing of them.
        Assert.DoesNotContain("failures", (await ScoreAsync(samples, journal)).ToJson([1]).ToJsonString());
        Assert.DoesNotContain("{", File.ReadAllText(journal));
    }

    [Fact]
    public async Task A_list_of_programs_for_each_problem_is_read_in_the_sets_order()
    {
        var samples = Write("s.json", ["""[["print(2*int(input()))", "print(2)"],""", """ ["print(int(input())//2)"]]"""]);
        var scores = await ScoreAsync(samples);
        Assert.Equal([VerdictKind.Accepted, VerdictKind.WrongAnswer], scores.Tasks[0].Verdicts);
        Assert.Equal([VerdictKind.Accepted], scores.Tasks[1].Verdicts);
        Assert.Equal(["unasked"], scores.WithoutSamples);
    }

    [Fact]
    public async Task LiveCodeBenchs_lists_are_read_by_question_or_by_the_sorted_order_of_all()
    {
        var ours = Set with { Format = "livecodebench" };
        var samples = Write("s.json", ["[", """  {"question_id": "double", "output_list": ["```"], "code_list": ["print(2*int(input()))", ""]},""", """  {"question_id": 7, "code_list": ["print(int(input())//2)"]}""", "]"]);
        foreach (var set in (ProblemReading[])[Set, ours])
        {
            var tasks = (await new SampleScorer(set, sandboxes.Local).ScoreAsync(samples)).Tasks;
            Assert.Equal([VerdictKind.Accepted, VerdictKind.WrongAnswer, VerdictKind.Accepted], tasks.SelectMany(t => t.Verdicts));
        }
        var sorted = Write("t.json", ["""[["print(int(input())//2)"], ["print(2*int(input()))"], ["print('-')"]]"""]);
        Assert.All((await new SampleScorer(ours, sandboxes.Local).ScoreAsync(sorted)).Tasks, t => Assert.Equal(1, t.C));
        Assert.Contains("sorted question_id", Assert.Throws<ProblemFormatException>(() => SampleFile.Read(Write("u.json", ["""[["a"],["b"]]"""]), ours).Count()).Message);
    }

    [Fact]
    public async Task Records_with_a_fault_keep_their_place_and_their_samples_are_counted_not_judged()
    {
        var path = Write("set.jsonl", ["""{"id":"a","statement":"","public_tests":[]}""", """{"id":"b","statement":"","public_tests":[{"input":"","output":"1"}],"private_tests":[{"input":"","output":"1"}]}"""]);
        var reading = await ProblemReader.ReadAsync(path, sandboxes.Local);
        foreach (var samples in (string[])
        [
            Write("s.jsonl", ["""{"task_id":"a","completion":"print(1)"}""", """{"task_id":"b","completion":"print(1)"}""", """{"task_id":"a","program":""}"""]),
            Write("s.json", ["""[["print(1)", ""], ["print(1)"]]"""]),
        ])
        {
            var scores = await new SampleScorer(reading, sandboxes.Local).ScoreAsync(samples);
            Assert.Equal((3, 2, 0, 1.0), (scores.Samples, scores.Unjudged, scores.Failed, scores.PassAtK(1).Estimate));
            var json = scores.ToJson([1]);
            Assert.Equal((3, 2), (json["samples"]!.GetValue<int>(), json["unjudged"]!.GetValue<int>()));
            Assert.Equal(("a", 2), (json["unread"]![0]!["task_id"]!.GetValue<string>(), json["unread"]![0]!["samples"]!.GetValue<int>()));
            Assert.Contains("public_tests", json["unread"]![0]!["reason"]!.GetValue<string>());
        }
        // A record is named also where no sample is for it.
        var other = (await new SampleScorer(reading, sandboxes.Local).ScoreAsync(Write("t.jsonl", ["""{"task_id":"b","completion":""}"""]))).ToJson([1]);
        Assert.Equal((0, 0), (other["unjudged"]!.GetValue<int>(), other["unread"]![0]!["samples"]!.GetValue<int>()));
    }

    [Theory]
    [InlineData("""["print(1)"]""", "list of programs for each problem")]
    [InlineData("""[[1]]""", "(list)[0]")]
    [InlineData("""[["a"],["b"],["c"],["d"]]""", "list 4")]
    [InlineData("""{"double":["print(1)"]}""", "code_list")]
    [InlineData("""{"question_id":"double","output_list":["a"]}""", "rlef extract")]
    [InlineData("""{"question_id":"double","code_list":"a"}""", "code_list")]
    public void Another_shape_is_refused_with_those_that_are_read(string text, string hint) =>
        Assert.Contains(hint, Assert.Throws<ProblemFormatException>(() => SampleFile.Read(Write("s.json", [text]), Set).Count()).Message);

    [Theory]
    [InlineData("""{"task_id":"triple","completion":""}""", "task_id", "triple")]
    [InlineData("""{"task_id":"double"}""", "completion", "missing")]
    [InlineData("""{"completion":""}""", "task_id", "missing")]
    [InlineData("""{"task_id":"double","completion":null}""", "completion", "null")]
    [InlineData("""{"task_id":"double","completion":3}""", "completion", "text")]
    [InlineData("print(3)", "(line)", "JSON")]
    public async Task A_faulty_row_is_told_before_anything_is_judged(string row, string field, string reason)
    {
        var judged = 0;
        var e = await Assert.ThrowsAsync<ProblemFormatException>(() => ScoreAsync(Write("s.jsonl", [Rows[0], row]), done: new Reporter(_ => judged++)));
        Assert.Equal((2, field, 0), (e.Line, e.Field, judged));
        Assert.Contains(reason, e.Message);
    }
}
