using Rlef.Experiments;
using Rlef.Notebooks.Engine;

namespace Rlef.Notebooks.Tests;

/// <summary>The shipped notebooks run from top to bottom at their small size; the first, the quickstart, does so in <see cref="HostsTests"/>.</summary>
public sealed class ShippedNotebookTests
{
    [Theory]
    [InlineData("01-real-vs-random-feedback.ipynb")]
    [InlineData("02-coarse-vs-fine-rewards.ipynb")]
    [InlineData("03-how-far-to-trust-the-judge.ipynb")]
    [InlineData("04-your-own-model.ipynb")]
    [InlineData("05-new-programs-or-old.ipynb")]
    [InlineData("06-a-pretrained-model.ipynb")]
    [InlineData("07-complete-statements.ipynb")]
    public async Task Runs_at_small_size(string name)
    {
        var folder = Directory.CreateTempSubdirectory("rlef-notebook-").FullName;
        var run = await NotebookRunner.RunAsync(Home.File("notebooks", name), new NotebookRunOptions
        {
            OutputPath = Path.Combine(folder, name),
            Environment = SmallSize(folder),
        }, cancellation: TestContext.Current.CancellationToken);
        Assert.True(run.Succeeded, $"{name}, cell {run.FailedCell}: {run.Error?.Name} {run.Error?.Message} {string.Join('\n', run.Error?.Traceback ?? [])}");
        Directory.Delete(folder, recursive: true);
    }

    internal static IReadOnlyDictionary<string, string?> SmallSize(string folder) => new Dictionary<string, string?>
    {
        ["RLEF_RUN"] = Path.Combine(folder, "run"), ["RLEF_RUNS"] = folder, ["RLEF_UPDATES"] = "1", ["RLEF_TEST_PROBLEMS"] = "6", ["RLEF_SAMPLES"] = "3", ["RLEF_SEEDS"] = "1", ["RLEF_FULL"] = null,
        ["RLEF_NOVICE_STEPS"] = "4", ["RLEF_MUTANTS"] = "4", ["RLEF_CHEATED"] = "1", ["RLEF_PUBLIC_SETS"] = null,
    };
}
