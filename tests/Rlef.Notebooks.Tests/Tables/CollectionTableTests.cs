using Rlef.Notebooks.Engine;

namespace Rlef.Notebooks.Tests.Tables;

public sealed class CollectionTableTests
{
    private sealed record Arm(string Name, int Seeds, double? Solved, IReadOnlyList<int> Turns);

    private static readonly Arm[] Arms = [new("real <b>", 3, 0.25, [1, 2, 3]), new("none", 10, null, [])];

    [Fact]
    public void A_collection_of_objects_is_one_table_with_a_column_a_property()
    {
        foreach (var items in new object[] { Arms, Arms.ToList(), Arms.Where(arm => arm.Seeds > 0), Arms.Select(arm => (object)arm) })
        {
            var bundle = MimeBundle.Of(items).Data;
            var html = bundle["text/html"].ToString();
            Assert.Equal(1, html.Split("<table").Length - 1);
            Assert.Contains("<th scope=\"col\">Name</th><th scope=\"col\" class=\"num\">Seeds</th><th scope=\"col\" class=\"num\">Solved</th><th scope=\"col\">Turns</th>", html, StringComparison.Ordinal);
            Assert.Contains("<th class=\"text\" scope=\"row\">real &lt;b&gt;</th><td class=\"num\">3</td><td class=\"num\">0.25</td><td class=\"text\">[ 1, 2, 3 ]</td>", html, StringComparison.Ordinal);
            Assert.StartsWith("Name      Seeds  Solved  Turns", bundle["text/plain"].ToString(), StringComparison.Ordinal);
        }
        Assert.Contains("<th scope=\"col\" class=\"num\">Length</th>", MimeBundle.Of(new[] { new { Word = "a", Length = 1 } }).Data["text/html"].ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_sequence_without_end_is_cut_and_says_so()
    {
        var bundle = MimeBundle.Of(Numbers().Select(n => new { Number = n })).Data;
        Assert.Equal(500, bundle["text/html"].ToString().Split("<td").Length - 1);
        Assert.EndsWith("<p>The first 500 rows are shown.</p>", bundle["text/html"].ToString(), StringComparison.Ordinal);

        static IEnumerable<int> Numbers()
        {
            for (var i = 0; ; i++) yield return i;
        }
    }

    [Fact]
    public void What_has_no_columns_is_shown_as_it_was()
    {
        foreach (var items in new object[]
        {
            "text", new[] { 1, 2 }, new List<string> { "a" }, new Dictionary<string, int> { ["a"] = 1 }, new[] { new[] { 1 } }, new object[] { 1, "a" },
            new[] { Arms[0], null }, Array.Empty<Arm>(), new[] { TimeSpan.Zero }, new[] { typeof(int) }, new[] { new Estimate(1, 0, 2) },
            new[] { Charts.Lines("t", "x", "y", [Curve.OverSeeds("a", [1, 2], [[1, 2]])]) },
        })
        {
            var data = MimeBundle.Of(items).Data;
            Assert.DoesNotContain("rlef-table", data.GetValueOrDefault("text/html")?.ToString() ?? "", StringComparison.Ordinal);
            Assert.NotEmpty(data["text/plain"].ToString());
        }
        Assert.Equal("[ 1, 2 ]", MimeBundle.Of(new[] { 1, 2 }).Data["text/plain"].ToString());
        Assert.Contains("[ 2, 3 ]", MimeBundle.Of(new[] { new[] { 1 }, new[] { 2, 3 } }).Data["text/html"].ToString(), StringComparison.Ordinal);
    }
}
