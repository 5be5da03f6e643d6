using System.Collections.Immutable;
using Microsoft.Data.Analysis;
using Rlef.Dialogue;
using Rlef.Evaluation;
using Rlef.Execution;
using Rlef.Experiments;
using Rlef.Learning;
using Rlef.Notebooks.Documents;
using Rlef.Notebooks.Engine;
using Rlef.Notebooks.Tests.Engine;
using Rlef.Problems;

namespace Rlef.Notebooks.Tests.Frames;

public sealed class FrameTests
{
    private static string Text(DataFrame frame, string column) => string.Join(",", frame[column].Cast<object?>().Select(v => v ?? "null"));

    private static string Html(DataFrame frame) => MimeBundle.Of(frame).Data["text/html"].ToString();

    [Fact]
    public void A_small_frame_is_one_table_with_its_text_escaped_and_numbers_to_the_right()
    {
        var html = Html(new DataFrame(new StringDataFrameColumn("arm", ["<real>", null]), new SingleDataFrameColumn("solved", [0.9f, 0.25f])));
        Assert.Contains("<tr><th class=\"num\" scope=\"row\">0</th><td class=\"text\">&lt;real&gt;</td><td class=\"num\">0.9</td></tr>", html, StringComparison.Ordinal);
        Assert.Contains("<td class=\"text\"></td><td class=\"num\">0.25</td>", html, StringComparison.Ordinal);
        Assert.Contains("<p>2 rows, 2 columns</p>", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<details>", html, StringComparison.Ordinal);
        Assert.Equal(["text/html", "text/plain"], MimeBundle.Of(new DataFrame()).Data.Keys);
    }

    [Fact]
    public void The_text_of_a_frame_keeps_every_value_to_its_column()
    {
        var frame = new DataFrame(new StringDataFrameColumn("a name", ["a rather long value", "b"]), new DoubleDataFrameColumn("x", [1 / 3.0, 2]));
        Assert.Equal(
        [
            "   a name                    x",
            "-  -------------------  ------",
            "0  a rather long value  0.3333",
            "1  b                         2",
            "2 rows, 2 columns", "",
        ], MimeBundle.Of(frame).Data["text/plain"].ToString().Split('\n'));
        Assert.EndsWith("40 rows, 1 column; the first 25 are shown\n",
            MimeBundle.Of(new DataFrame(new Int32DataFrameColumn("n", Enumerable.Range(0, 40)))).Data["text/plain"].ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_large_frame_is_paged_and_cut_and_says_so()
    {
        var html = Html(new DataFrame(new Int32DataFrameColumn("n", Enumerable.Range(0, 1000))));
        Assert.Equal(500, html.Split("scope=\"row\"").Length - 1);
        Assert.Equal(19, html.Split("<details>").Length - 1);
        Assert.Contains("<summary>rows 475–499</summary>", html, StringComparison.Ordinal);
        Assert.Contains("1000 rows, 1 column; the first 500 are shown", html, StringComparison.Ordinal);
        var odd = Html(new DataFrame(new Int32DataFrameColumn("n", Enumerable.Range(0, 26))));
        Assert.Contains("<summary>rows 25–25</summary>", odd, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cell_uses_frames_without_a_reference_of_its_own()
    {
        using var notebook = new TestNotebook($"#r \"{typeof(FrameConversions).Assembly.Location}\"\nusing Microsoft.Data.Analysis;\n" +
            "new DataFrame(new Int32DataFrameColumn(\"n\", new[] { 3, 4 })).Filter(new BooleanDataFrameColumn(\"m\", new[] { false, true }))");
        var output = (await notebook.RunWellAsync())[0].Outputs.Single()!;
        Assert.Contains("<td class=\"num\">4</td>", NotebookCell.Text(output["data"]!["text/html"]), StringComparison.Ordinal);
    }

    [Fact]
    public void Metrics_have_a_row_an_update_and_null_where_an_update_lacks_one()
    {
        var folder = Directory.CreateTempSubdirectory("rlef-frame-").FullName;
        var run = new RunDirectory(folder);
        RunDirectory.Append(run.MetricsPath, new Dictionary<string, double> { ["update"] = 0, ["kl"] = 0.5 });
        RunDirectory.Append(run.MetricsPath, new Dictionary<string, double> { ["update"] = 1, ["kl"] = 0.25, ["entropy"] = 2 });
        var frame = run.ToDataFrame();
        Assert.Equal(("0,1", "0.5,0.25", "null,2"), (Text(frame, "update"), Text(frame, "kl"), Text(frame, "entropy")));
        var both = new[] { ("one", run.ReadMetrics()), ("two", run.ReadMetrics()) }.ToDataFrame();
        Assert.Equal("one,one,two,two", Text(both, "run"));
        Assert.Equal("0.375,0.375", Text(both.GroupBy("run").Mean("kl"), "kl"));
        Directory.Delete(folder, true);
    }

    [Fact]
    public void Evaluations_have_a_row_a_problem_or_a_dialogue()
    {
        var result = new EvaluationResult([Played("a", 0, 1, true), Played("a", 1, 2, true), Played("b", 0, 3, false), Played("b", 1, 1, true)]);
        var problems = result.ToDataFrame();
        Assert.Equal(["problem", "family", "dialogues", "1@1", "1@2 multi-turn", "1@3 multi-turn"], problems.Columns.Select(c => c.Name));
        // Of two dialogues no three programs can be drawn.
        var three = new EvaluationResult([Played("a", 0, 1, true), Played("a", 1, 2, true), Played("a", 2, 3, false)]).ToDataFrame();
        Assert.Equal("1", Text(three, "1@3 single-turn"));
        Assert.Equal(("a,b", "sum a,sum b", "2,2"), (Text(problems, "problem"), Text(problems, "family"), Text(problems, "dialogues")));
        Assert.Equal(("0.5,0.5", "1,0.5"), (Text(problems, "1@1"), Text(problems, "1@2 multi-turn")));
        var episodes = result.EpisodesToDataFrame();
        Assert.Equal(("1,2,3,1", "True,True,False,True"), (Text(episodes, "turns"), Text(episodes, "solved")));
        Assert.Equal("Accepted,WrongAnswer,WrongAnswer,Accepted", Text(episodes, "first"));
        Assert.Equal("Accepted,Accepted,WrongAnswer,Accepted", Text(episodes, "last"));
    }

    [Fact]
    public void Results_have_a_row_a_policy_and_measure()
    {
        var frame = new RunResults(10, new(new(0.1, 0, 0.2), new(0.2, 0.1, 0.3), new(0.3, 0.2, 0.4)), new(new(0.4, 0, 1), new(0.5, 0, 1), new(0.6, 0.5, 0.7)),
            new(new(0.3, 0.1, 0.5), new(0.3, -0.1, 0.7), new(0.3, 0.2, 0.4))).ToDataFrame();
        Assert.Equal("before,before,before,after,after,after,change,change,change", Text(frame, "policy"));
        Assert.Equal("1@1,1@3 single-turn,1@3 multi-turn", Text(frame.Head(3), "measure"));
        Assert.Equal(("0.1,0.2,0.3,0.4,0.5,0.6,0.3,0.3,0.3", "0.2"), (Text(frame, "solved"), Text(frame.Tail(1), "low")));
    }

    private static Episode Played(string id, int sample, int turns, bool solved)
    {
        var problem = new Problem
        {
            Id = id, Statement = "s", PublicTests = [new("1", "1")], PrivateTests = [new("2", "2")],
            Labels = ImmutableDictionary<string, string>.Empty.Add("family", $"sum {id}"),
        };
        Judgement Judged(bool accepted) => new([new(accepted ? VerdictKind.Accepted : VerdictKind.WrongAnswer, problem.PublicTests[0], "", null, TimeSpan.Zero)], 1);
        var played = Enumerable.Range(1, turns).Select(t => new Turn
        {
            Observation = "o", Prompt = [1], Response = [2], LogProbs = [0], Text = "t", Truncated = false, Public = Judged(solved && t == turns),
        });
        return new(problem, sample, [.. played], solved ? Judged(true) : null);
    }
}
