using Microsoft.Data.Analysis;

namespace Rlef.Bundled.Tests.DataAnalysis;

/// <summary>Expected values are those of Microsoft.Data.Analysis 0.23.</summary>
public sealed class DataFrameTests
{
    static DataFrame Frame() => new(
        new DoubleDataFrameColumn("rate", new double?[] { 3, null, 1, 2.5, 2 }),
        new Int32DataFrameColumn("turns", [3, 1, 2, 1, 4]),
        new StringDataFrameColumn("arm", ["real", null, "none", "real", "Random"]),
        new BooleanDataFrameColumn("solved", new bool?[] { true, null, false, true, false }));

    static string Text(DataFrameColumn column) => string.Join(",", column.Cast<object?>().Select(v => v ?? "null"));
    static string Text(DataFrame frame) => string.Join(" | ", frame.Columns.Select(c => $"{c.Name}: {Text(c)}"));

    [Fact]
    public void Rows_columns_and_cells_are_reached_by_number_and_name()
    {
        var frame = Frame();
        Assert.Equal((5, 4), (frame.Rows.Count, frame.Columns.Count));
        Assert.Equal("real", frame.Rows[0]["arm"]);
        Assert.Equal(2.5, frame[3, 0]);
        Assert.Null(frame["rate"][1]);
        Assert.Equal("3 3 real True ", frame.Rows[0].ToString());
        frame[1, 2] = "new";
        frame.Rows[2]["arm"] = null;
        frame["turns"][0] = 9;
        Assert.Equal("real,new,null,real,Random", Text(frame["arm"]));
        Assert.Equal(9, frame.Columns.GetInt32Column("turns")[0]);
        Assert.Contains("System.Double", Assert.Throws<ArgumentException>(() => frame["rate"][0] = 1).Message);
        Assert.Contains("'nope'", Assert.Throws<ArgumentException>(() => frame["nope"]).Message);
        Assert.Contains("System.Double", Assert.Throws<ArgumentException>(() => frame.Columns.GetInt32Column("rate")).Message);
    }

    [Fact]
    public void Columns_are_set_renamed_and_removed_but_never_of_another_length_or_twice()
    {
        var frame = Frame();
        frame["more"] = frame["turns"] + 1;
        frame["turns"] = frame["turns"] * 2;
        frame.Columns.Remove("arm");
        frame.Columns.RenameColumn("rate", "share");
        Assert.Equal("share: 3,null,1,2.5,2 | turns: 6,2,4,2,8 | solved: True,null,False,True,False | more: 4,2,3,2,5", Text(frame));
        Assert.Throws<ArgumentException>(() => frame.Columns.Add(new Int32DataFrameColumn("short", 2)));
        Assert.Throws<ArgumentException>(() => frame.Columns.Add(new Int32DataFrameColumn("more", 5)));
        Assert.Throws<ArgumentException>(() => frame.Columns.RenameColumn("share", "more"));
    }

    [Fact]
    public void Rows_are_filtered_by_mask_and_by_number()
    {
        var frame = Frame();
        Assert.Equal("3,2,4", Text(frame.Filter(frame["turns"].ElementwiseGreaterThan(1))["turns"]));
        Assert.Equal("3,1", Text(frame.Filter(frame["arm"].ElementwiseEquals("real"))["turns"]));
        Assert.Equal("3,1", Text(frame.Filter((PrimitiveDataFrameColumn<bool>)(frame["turns"].ElementwiseLessThan(4) & frame["solved"].ElementwiseEquals(true)))["turns"]));
        Assert.Equal("4,3", Text(frame[new[] { 4, 0 }]["turns"]));
        Assert.Equal("3,4", Text(frame[new[] { true, false, false, false, true }]["turns"]));
        Assert.Equal("3,1", Text(frame.Head(2)["turns"]));
        Assert.Equal("1,4", Text(frame.Tail(2)["turns"]));
        Assert.Equal(3, frame.Sample(3).Rows.Count);
        Assert.Equal("3,2,1,4", Text(frame.DropNulls()["turns"]));
        Assert.Equal(5, frame.DropNulls(DropNullOptions.All).Rows.Count);
    }

    [Fact]
    public void Sorting_keeps_ties_in_order_and_puts_nulls_last()
    {
        var frame = Frame();
        Assert.Equal("null,2.5,1,3,2", Text(frame.OrderBy("turns")["rate"]));
        Assert.Equal("2,3,1,2.5,null", Text(frame.OrderByDescending("turns")["rate"]));
        Assert.Equal("1,2,2.5,3,null", Text(frame.OrderBy("rate")["rate"]));
        Assert.Equal("null,3,2.5,2,1", Text(frame["rate"].Sort(ascending: false, putNullValuesLast: false)));
        Assert.Equal("Random,none,real,real,null", Text(frame["arm"].Sort()));
    }

    [Fact]
    public void Groups_come_in_the_order_of_their_first_row_without_rows_that_have_no_key()
    {
        var frame = Frame();
        Assert.Equal("arm: real,none,Random | rate: 5.5,1,2 | turns: 4,2,4", Text(frame.GroupBy("arm").Sum("rate", "turns")));
        Assert.Equal("turns: 3,1,2,4 | rate: 3,1.25,1,2", Text(frame.GroupBy("turns").Mean("rate")));
        Assert.Equal("arm: real,none,Random | rate: 2,1,1 | turns: 2,1,1 | solved: 2,1,1", Text(frame.GroupBy("arm").Count()));
        Assert.Equal("arm: real,none,Random | rate: 3,1,2", Text(frame.GroupBy("arm").Max("rate")));
        Assert.Equal("arm: real,none,Random | rate: 2.5,1,2", Text(frame.GroupBy("arm").Min("rate")));
        Assert.Equal("turns: 3,1,2,4 | rate: 3,null,1,2 | arm: real,null,none,Random | solved: True,null,False,False", Text(frame.GroupBy("turns").First()));
        Assert.Equal(Text(frame.GroupBy("turns").First()), Text(frame.GroupBy("turns").Head(1)));
        Assert.Equal("3,2.5,1,2", Text(frame.GroupBy("turns").Tail(1)["rate"]));
        Assert.Equal(["real 2", "none 1", "Random 1"], frame.GroupBy<string>("arm").Groupings.Select(g => $"{g.Key} {g.Count()}"));
        Assert.Throws<InvalidCastException>(() => frame.GroupBy<long>("turns"));
        Assert.Equal("Values: real,none,Random | Counts: 2,1,1", Text(frame["arm"].ValueCounts()));
    }

    [Fact]
    public void A_description_counts_what_is_there_and_averages_over_all_rows()
    {
        var description = Frame().Description();
        Assert.Equal(["Description", "rate", "turns"], description.Columns.Select(c => c.Name));
        Assert.Equal("Length (excluding null values),Max,Min,Mean", Text(description["Description"]));
        Assert.Equal("4,3,1,1.7", Text(description["rate"]));
        Assert.Equal("Info: DataType,Length (excluding null values) | rate: System.Double,4 | turns: System.Int32,5 | arm: System.String,4 | solved: System.Boolean,4",
            Text(Frame().Info()));
        var rate = Frame()["rate"];
        Assert.Equal((3.0, 1.0, 8.5, 15.0), (rate.Max(), rate.Min(), rate.Sum(), rate.Product()));
        Assert.Equal((2.125, 2.25, 1L), (rate.Mean(), rate.Median(), rate.NullCount));
        Assert.IsType<int>(Frame()["turns"].Sum());
    }

    [Fact]
    public void Arithmetic_stays_in_a_type_or_becomes_double_and_passes_nulls_on()
    {
        DataFrameColumn turns = Frame()["turns"], rate = Frame()["rate"];
        Assert.Equal("1,0,1,0,2", Text(Assert.IsType<Int32DataFrameColumn>(turns / 2)));
        Assert.Equal("3.5,1.5,2.5,1.5,4.5", Text(Assert.IsType<DoubleDataFrameColumn>(turns + 0.5)));
        Assert.Equal("6,null,3,3.5,6", Text(turns + rate));
        Assert.Equal("-2,0,-1,0,-3", Text(1 - turns));
        Assert.Equal("3,4,6,7,11", Text(turns.CumulativeSum()));
        Assert.Equal("3,1,2,1,4", Text((turns * -1).Abs()));
        Assert.Equal("False,True,False,False,False", Text(rate.ElementwiseIsNull()));
        Assert.Equal("True,False,False,True,False", Text(rate.ElementwiseGreaterThanOrEqual(turns)));
        Assert.Equal("6,null,2,5,4", Text(Frame().Columns.GetDoubleColumn("rate").Apply(v => v * 2)));
        Assert.Equal("2.5,null,1.5,2.5,2", Text(Frame().Columns.GetDoubleColumn("rate").Clamp(1.5, 2.5)));
        Assert.Equal("3,7,1,2.5,2", Text(rate.FillNulls(7)));
        Assert.Throws<DivideByZeroException>(() => turns / 0);
    }

    [Fact]
    public void Rows_are_appended_with_their_values_converted()
    {
        var frame = Frame().Append(new object[] { "1.5", 7L, "null", "true" }).Append([KeyValuePair.Create("arm", (object?)"q")]);
        Assert.Equal("rate: 1.5,null | turns: 7,null | arm: null,q | solved: True,null", Text(frame.Tail(2)));
        Assert.Equal(14, frame.Append(frame.Rows).Rows.Count);
        Assert.Throws<FormatException>(() => frame.Append(["x"]));
        Assert.Throws<ArgumentException>(() => frame.Append([1, 1, "", true, 5]));
        Assert.Equal(7, frame.Rows.Count);
    }

    [Fact]
    public void The_text_form_shows_the_first_rows()
    {
        var lines = new DataFrame(new Int32DataFrameColumn("n", Enumerable.Range(0, 30))).ToString().Split(Environment.NewLine);
        Assert.Equal(("n         ", "0         ", "  ... 25 of total 30", 28), (lines[0], lines[1], lines[26], lines.Length));
    }
}
