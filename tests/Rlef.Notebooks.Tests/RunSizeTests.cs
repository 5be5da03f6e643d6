using System.Text.Json.Nodes;
using Rlef.Notebooks.Engine;

namespace Rlef.Notebooks.Tests;

public sealed class RunSizeTests
{
    private const string Variable = "RLEF_RUN_SIZE_TEST";

    [Fact]
    public void A_run_below_its_full_size_says_by_how_much()
    {
        var size = new RunSize();
        Assert.Equal((3, 1), (size.Setting(Variable, "updates", small: 3, full: 6000), size.Setting(Variable, "seeds", small: 1, full: 1)));
        var bundle = MimeBundle.Of(size).ToJson();
        Assert.StartsWith("Reduced run: 3 of 6,000 updates, 1 seeds.", RunSize.Reduced(new JsonObject { ["data"] = bundle }), StringComparison.Ordinal);
        Assert.Contains("Reduced run: 3 of 6,000 updates", Rlef.Notebooks.Documents.NotebookCell.Text(bundle["text/html"]), StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_at_its_full_size_or_above_is_not_reduced()
    {
        Environment.SetEnvironmentVariable(Variable, "6");
        try
        {
            var size = new RunSize();
            Assert.Equal(6, size.Setting(Variable, "updates", small: 1, full: 5));
            Assert.False(size.IsReduced);
            Assert.Equal("Full size: 6 updates.", size.ToPlainText());
            Assert.Null(RunSize.Reduced(new JsonObject { ["data"] = MimeBundle.Of(size).ToJson() }));
        }
        finally
        {
            Environment.SetEnvironmentVariable(Variable, null);
        }
    }

    [Theory]
    [InlineData("0")]
    [InlineData("many")]
    public void A_size_that_is_none_is_refused_by_the_variables_name(string value)
    {
        Environment.SetEnvironmentVariable(Variable, value);
        try
        {
            Assert.Contains($"{Variable} is '{value}'; it takes a whole number above 0.", Assert.Throws<ArgumentException>(() => new RunSize().Setting(Variable, "n", 1, 2)).Message, StringComparison.Ordinal);
        }
        finally
        {
            Environment.SetEnvironmentVariable(Variable, null);
        }
    }
}
