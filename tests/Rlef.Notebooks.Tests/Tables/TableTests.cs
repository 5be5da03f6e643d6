using Microsoft.Data.Analysis;
using Rlef.Evaluation;
using Rlef.Experiments;
using Rlef.Notebooks.Engine;

namespace Rlef.Notebooks.Tests.Tables;

public sealed class TableTests
{
    private static readonly Table Measured = Rlef.Notebooks.Tables.OfEstimates("Held out & new", "measure", ["before", "after"],
    [
        ("1@3", [new Estimate(0.25, 0.2, 0.3, "P1"), new Estimate(0.5, 0.4, 0.6, "P1")]),
        ("turns | mean", [new Estimate(2, 1.5, 2.5, "0.00"), new Estimate(1.75, 1.25, 2.25, "0.00")]),
    ]);

    [Fact]
    public void A_change_is_shown_in_points_with_its_own_interval()
    {
        static SolveRates All(double low, double rate, double high) => new(new(rate, low, high), new(rate, low, high), new(rate, low, high));
        var table = Rlef.Notebooks.Tables.BeforeAfter("", new RunResults(8, All(0.4, 0.5, 0.6), All(0.39, 0.492, 0.59), All(-0.02, -0.008, 0.004)));
        Assert.Equal(["one program (1@1)", new Estimate(0.5, 0.4, 0.6, Estimate.Share), new Estimate(0.492, 0.39, 0.59, Estimate.Share), "−0.8 (−2.0 to +0.4)"], table.Rows[0]);
        Assert.Equal(3, table.Rows.Count);
    }

    [Fact]
    public void Markdown_escapes_what_would_break_the_table()
    {
        var lines = Measured.ToMarkdown().Split('\n');
        Assert.Equal("| measure | before | after |", lines[2]);
        Assert.Equal("| --- | --: | --: |", lines[3]);
        Assert.Equal("| turns \\| mean | 2.00 [1.50, 2.50] | 1.75 [1.25, 2.25] |", lines[5]);
    }

    [Fact]
    public void Markdown_keeps_a_row_in_a_line() =>
        Assert.Equal("| c\\|c |\n| --- |\n| x<br>y |\n", new Table(null, "c|c").Add("x\ny").ToMarkdown());

    [Theory]
    [InlineData(2e-7, "2E-07")]
    [InlineData(1.5e-4, "1.5E-04")]
    [InlineData(-0.00001, "-1E-05")]
    [InlineData(0.0, "0")]
    [InlineData(0.00123, "0.0012")]
    [InlineData(123456.5, "123456.5")]
    [InlineData(1e308, "1E+308")]
    [InlineData(double.NaN, "NaN")]
    public void Small_and_huge_numbers_keep_their_digits(double number, string text)
    {
        Assert.Equal(text, new Table(null, "n").Add(number).ToPlainText().Split('\n')[2].Trim());
        Assert.Contains(text, MimeBundle.Of(new DataFrame(new DoubleDataFrameColumn("n", [number]))).Data["text/plain"].ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_line_of_the_text_form_has_its_columns_in_place()
    {
        var lines = new Table(null, "arm", "solved").Add("real", 0.5).Add("random", 12).ToPlainText().Split('\n');
        Assert.Equal(["arm     solved", "------  ------", "real       0.5", "random      12", ""], lines);
    }

    [Fact]
    public void A_notebook_shows_it_as_html_and_text()
    {
        var bundle = MimeBundle.Of(Measured).Data;
        Assert.Equal(["text/html", "text/plain"], bundle.Keys);
        Assert.Contains("<caption>Held out &amp; new</caption>", bundle["text/html"].ToString(), StringComparison.Ordinal);
        Assert.Contains("<th class=\"text\" scope=\"row\">1@3</th><td class=\"num\">25.0 % [20.0 %, 30.0 %]</td>", bundle["text/html"].ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Behaviour_has_a_row_a_turn_and_a_column_a_verdict()
    {
        var table = Rlef.Notebooks.Tables.OfBehaviour(
        [
            ("base", [new(1, 8, new Dictionary<string, double> { ["Accepted"] = 0.25, ["NoCode"] = 0.75 }, new Dictionary<string, double>(), null)]),
            ("RLEF", [new(2, 6, new Dictionary<string, double> { ["Accepted"] = 1 }, new Dictionary<string, double> { ["NoCode"] = 1 }, 0.375)]),
        ]);
        Assert.Equal(["policy", "turn", "responses", "Accepted", "NoCode", "passes after NoCode", "1 − chrF"], table.Columns);
        Assert.Equal(["base", 1, 8, "25.0 %", "75.0 %", null, null], table.Rows[0]);
        Assert.Equal(["RLEF", 2, 6, "100.0 %", "0.0 %", "100.0 %", "0.38"], table.Rows[1]);
    }

    [Fact]
    public void A_long_table_folds()
    {
        var table = new Table("many", "n");
        for (var i = 1; i <= 60; i++) table.Add(i);
        var html = table.ToHtml();
        Assert.Equal(3, html.Split("<table").Length - 1);
        Assert.Contains("<summary>rows 26–50</summary>", html, StringComparison.Ordinal);
        Assert.Contains("<summary>rows 51–60</summary>", html, StringComparison.Ordinal);
        Assert.Equal(1, html.Split("<caption>").Length - 1);
    }

    [Fact]
    public void A_row_of_another_width_is_refused() =>
        Assert.Contains("2 columns, the row 1", Assert.Throws<ArgumentException>(() => new Table(null, "a", "b").Add(1)).Message, StringComparison.Ordinal);
}
