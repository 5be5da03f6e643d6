using Rlef.Evaluation;
using Rlef.Experiments;

namespace Rlef.Core.Tests.Experiments;

public sealed class ClaimTests : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("rlef-claims-").FullName;

    public void Dispose() => Directory.Delete(folder, true);

    static Claim Of(Claim.Direction direction) => new("A, table 1", "More is more.", "+5", "nano", "x.results.json", "real", "real", "1@1", Claim.Measure.Gain, direction);

    [Theory]
    [InlineData(0.01, 0.09, Claim.Verdict.Replicates, Claim.Verdict.DoesNot, Claim.Verdict.Unclear, Claim.Verdict.Unclear)]
    [InlineData(-0.09, -0.01, Claim.Verdict.DoesNot, Claim.Verdict.Replicates, Claim.Verdict.Unclear, Claim.Verdict.Replicates)]
    [InlineData(-0.01, 0.09, Claim.Verdict.Unclear, Claim.Verdict.Unclear, Claim.Verdict.Unclear, Claim.Verdict.Unclear)]
    [InlineData(-0.02, 0.03, Claim.Verdict.Unclear, Claim.Verdict.Unclear, Claim.Verdict.Replicates, Claim.Verdict.Replicates)]
    [InlineData(0.06, 0.09, Claim.Verdict.Replicates, Claim.Verdict.DoesNot, Claim.Verdict.DoesNot, Claim.Verdict.DoesNot)]
    public void The_interval_decides(double low, double high, Claim.Verdict positive, Claim.Verdict negative, Claim.Verdict small, Claim.Verdict noMore)
    {
        var effect = new Interval((low + high) / 2, low, high);
        Assert.Equal([positive, negative, small, noMore], Enum.GetValues<Claim.Direction>().Select(d => Of(d).Judge(effect, 2)));
        Assert.All(Enum.GetValues<Claim.Direction>(), d => Assert.Equal(Claim.Verdict.Unclear, Of(d).Judge(effect, 1)));
    }

    [Theory]
    [InlineData("docs/claims.md")]
    [InlineData("README.md")]
    public void Shipped_pages_are_those_of_the_shipped_results(string page) =>
        Assert.Contains(Claims.Table(Home.File("docs", "claims.json"), Home.File(page)), File.ReadAllText(Home.File(page)), StringComparison.Ordinal);

    [Fact]
    public void A_table_sets_the_claim_beside_the_row_that_tests_it()
    {
        SweepResults results = new([new("real", "real", "1@1", 3, new(0.5, 0.4, 0.6), new(0.1, 0.05, 0.15), null, null) { FromArms = new Dictionary<string, Interval> { ["none"] = new(-0.2, -0.3, -0.1) } }]);
        results.Save(Path.Combine(folder, "x.results.json"));
        string Write(string budget, string of = "\"gain\"")
        {
            var path = Path.Combine(folder, "claims.json");
            File.WriteAllText(path, $$"""[{"paper": "A, table 1", "says": "More is more.", "found": "+5", "world": "nano", "results": "x.results.json", "arm": "real", "feedback": "real", "budget": "{{budget}}", "of": {{of}}, "is": "positive"}]""");
            return path;
        }
        string Line(string of = "\"gain\"", string? page = null) => Claims.Table(Write("1@1", of), page).TrimEnd().Split('\n')[^1];
        Assert.Equal("| More is more. | +5 (A, table 1) | nano | +10.0 (+5.0 to +15.0) | 3 |  | [replicates](x.json) |", Line());
        Assert.Equal("| More is more. | +5 (A, table 1) | nano | −20.0 (−30.0 to −10.0) | 3 |  | [does not](x.json) |", Line("\"difference\", \"than\": \"none\""));
        Assert.EndsWith($"[replicates]({Path.GetFileName(folder)}/x.json) |", Line(page: Path.Combine(folder, "..", "page.md")), StringComparison.Ordinal);
        // With what the runs were like, and where a critic must explain something for it.
        TrainedRun Run(string policy, ulong seed, double explained) => new("", "real", policy, seed, 60, 0.01, explained, 40_000, 9.25);
        (results with { Runs = [Run("one", 1, 0.1), Run("two", 1, 0.3), Run("three", 1, 0.3)] }).Save(Path.Combine(folder, "x.results.json"));
        Assert.EndsWith("| 1 × 3 | 9 min, 40k tests | [replicates](x.json) |", Line(), StringComparison.Ordinal);
        Assert.EndsWith("[replicates](x.json) |", Line("\"gain\", \"explained\": 0.2"), StringComparison.Ordinal);
        Assert.EndsWith("[not judged: the critic explains 23.3 %, not 25 %](x.json) |", Line("\"gain\", \"explained\": 0.25"), StringComparison.Ordinal);
        File.WriteAllText(Path.Combine(folder, "claims.json"), File.ReadAllText(Write("1@1")).Replace("A, table 1", Claim.InNoPaper, StringComparison.Ordinal));
        Assert.EndsWith("[holds](x.json) |", Claims.Table(Path.Combine(folder, "claims.json")).TrimEnd(), StringComparison.Ordinal);
        Assert.Contains("there are real, real, 1@1", Assert.Throws<InvalidDataException>(() => Claims.Table(Write("1@9"))).Message);
        Assert.Contains("than 'all'", Assert.Throws<InvalidDataException>(() => Line("\"difference\", \"than\": \"all\"")).Message);
    }
}
