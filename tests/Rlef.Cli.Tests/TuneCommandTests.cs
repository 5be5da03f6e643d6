using System.Text.Json.Nodes;

namespace Rlef.Cli.Tests;

public sealed class TuneCommandTests : IDisposable
{
    static readonly string Base = Rlef.Experiments.Home.File("data", "nano", "base");
    readonly TrainFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_policy_learns_references_and_a_faulty_row_is_left_out_where_that_is_asked_for()
    {
        File.AppendAllText(folder.File("problems.jsonl"), "{\"id\":\"broken\"}\n");
        string[] tune = ["tune", "--policy", Base, "--problems", folder.File("problems.jsonl"), "--out", folder.File("tuned"), "--wording", "nano", "--epochs", "2"];
        var (code, _, error) = await Processes.RlefAsync(tune);
        Assert.Equal(1, code);
        Assert.Contains("line 13", error);
        Assert.Contains("--skip-faulty", error);
        (code, var output, error) = await Processes.RlefAsync([.. tune, "--skip-faulty"]);
        Assert.True(code == 0, error);
        Assert.Contains("1 problem left out", error);
        Assert.Contains("12 references learned", output);
        (code, output, error) = await Processes.RlefAsync("evaluate", "--policy", folder.File("tuned"), "--problems", folder.File("problems.jsonl") + "#1-4", "--samples", "1");
        Assert.True(code == 0, error);
        Assert.Matches(@"(?m)^1@1 +\d", output);
    }

    [Fact]
    public async Task A_policys_own_mistakes_become_drafts_that_it_learns_to_repair()
    {
        var (problems, results, repairs) = (folder.File("problems.jsonl") + "#1-8", folder.File("first.json"), folder.File("repairs.jsonl.gz"));
        var (code, output, error) = await Processes.RlefAsync("evaluate", "--policy", Base, "--problems", problems, "--turns", "1", "--samples", "4", "--out", results);
        Assert.True(code == 0, error);
        string[] drafts = ["problems", "drafts", problems, "--results", results, "--out", repairs, "--each", "2"];
        (code, output, error) = await Processes.RlefAsync(drafts);
        Assert.True(code == 0, error);
        var (count, drafted) = (JsonNode.Parse(output)!["drafts"]!.GetValue<int>(), JsonNode.Parse(output)!["with_drafts"]!.GetValue<int>());
        Assert.InRange(count, drafted, 2 * drafted);
        Assert.InRange(drafted, 1, 8);
        // Every draft was judged wrong, or the file would have faults.
        (code, output, _) = await Processes.RlefAsync("problems", "validate", repairs);
        Assert.Equal((0, 8 + count, 0), (code, JsonNode.Parse(output)!["problems"]!.GetValue<int>(), JsonNode.Parse(output)!["faults"]!.GetValue<int>()));
        Assert.Equal(count, Rlef.Problems.ProblemFile.Load(repairs).Count(p => p.Draft is not null));
        (code, output, error) = await Processes.RlefAsync("tune", "--policy", Base, "--problems", repairs, "--out", folder.File("tuned"), "--wording", "nano", "--epochs", "1");
        Assert.True(code == 0, error);
        Assert.Contains($"{8 + count} references learned", output);

        File.WriteAllLines(results + ".dialogues.jsonl", File.ReadLines(results + ".dialogues.jsonl").Take(1));
        (code, _, error) = await Processes.RlefAsync(drafts);
        Assert.Equal(1, code);
        Assert.Contains("no dialogue of these problems began with a program that failed", error);
    }
}
