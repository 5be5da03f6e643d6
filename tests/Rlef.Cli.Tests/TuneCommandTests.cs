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
        Assert.Contains("single-turn 1@1", output);
    }
}
