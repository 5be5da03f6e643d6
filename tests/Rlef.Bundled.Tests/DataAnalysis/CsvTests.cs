using System.Globalization;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.Data.Analysis;

namespace Rlef.Bundled.Tests.DataAnalysis;

public sealed class CsvTests
{
    static string Types(DataFrame frame) => string.Join(",", frame.Columns.Select(c => c.DataType.Name));

    static string Save(DataFrame frame, char separator = ',')
    {
        using var stream = new MemoryStream();
        DataFrame.SaveCsv(frame, stream, separator, encoding: new UTF8Encoding(false), cultureInfo: CultureInfo.InvariantCulture);
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    [Fact]
    public void Types_are_guessed_from_the_first_rows()
    {
        var frame = DataFrame.LoadCsvFromString("a,b,c,d,e\n1,x,true,2020-01-02,\n2.5,\"y, \"\"q\"\"\nz\",false,2021-01-02,\n,,,,3\nnull,n,true,2021-01-02,4\n");
        Assert.Equal("Single,String,Boolean,DateTime,Single", Types(frame));
        Assert.Equal("y, \"q\"\nz", frame["b"][1]);
        Assert.Equal("", frame["b"][2]);
        Assert.Null(frame["a"][3]);
        Assert.Throws<FormatException>(() => DataFrame.LoadCsvFromString("a\n" + string.Concat(Enumerable.Repeat("1\n", 12)) + "x\n"));
        Assert.Equal("String", Types(DataFrame.LoadCsvFromString("a\n" + string.Concat(Enumerable.Repeat("1\n", 12)) + "x\n", guessRows: 20)));
    }

    [Fact]
    public void Types_names_and_rows_can_be_said()
    {
        var frame = DataFrame.LoadCsvFromString("a;b\r\n1; 2 \r\n\r\n3;\" 4\"\r\n", separator: ';', dataTypes: [typeof(long), typeof(double)], addIndexColumn: true);
        Assert.Equal("Int64,Int64,Double", Types(frame));
        Assert.Equal((0L, 1L, 2.0, 4.0), (frame[0, 0], frame[0, 1], frame[0, 2], frame[1, 2]));
        var named = DataFrame.LoadCsvFromString("1,2\n3,4\n", header: false, columnNames: ["p", "q"], numberOfRowsToRead: 1);
        Assert.Equal((1L, "p q"), (named.Rows.Count, string.Join(' ', named.Columns.Select(c => c.Name))));
        Assert.Equal("Column0", DataFrame.LoadCsvFromString("1,2\n", header: false).Columns[0].Name);
        Assert.Equal("a.1", DataFrame.LoadCsvFromString("a,a\n1,2\n", renameDuplicatedColumns: true).Columns[1].Name);
    }

    [Theory]
    [InlineData("a,b\n1,2\n3\n", "Line 3 has less columns")]
    [InlineData("a,b\n1,2\n3,4,5\n", "Line 2 has less columns")]
    [InlineData("", "Empty file")]
    public void Faulty_text_is_refused(string csv, string message) =>
        Assert.Contains(message, Assert.Throws<FormatException>(() => DataFrame.LoadCsvFromString(csv)).Message);

    [Fact]
    public void Cells_are_quoted_where_they_must_be()
    {
        var frame = new DataFrame(new DoubleDataFrameColumn("x,y", new double?[] { 0.1, null }), new StringDataFrameColumn("t", ["a\"b\nc", "é"]));
        Assert.Equal("\"x,y\",t\n0.10000000000000001,\"a\"\"b\nc\"\n,é\n", Save(frame).ReplaceLineEndings("\n"));
        Assert.Throws<ArgumentException>(() => Save(frame, '.'));
    }

    [Fact]
    public void Numbers_and_texts_come_back_from_a_file()
    {
        var path = Path.GetTempFileName();
        Check.QuickThrowOnFailure(Prop.ForAll<double[], NonNull<string>>((numbers, text) =>
        {
            var cell = "t" + text.Get.ReplaceLineEndings("") + "t";
            var frame = new DataFrame(new DoubleDataFrameColumn("n", numbers), new StringDataFrameColumn("t", numbers.Select(_ => cell)));
            DataFrame.SaveCsv(frame, path, encoding: new UTF8Encoding(false), cultureInfo: CultureInfo.InvariantCulture);
            var back = DataFrame.LoadCsv(path, dataTypes: [typeof(double), typeof(string)], cultureInfo: CultureInfo.InvariantCulture);
            var valid = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(cell));
            return back.Columns.GetDoubleColumn("n").Select(v => v!.Value).SequenceEqual(numbers) && back["t"].Cast<string>().All(t => t == valid);
        }));
        File.Delete(path);
    }
}
