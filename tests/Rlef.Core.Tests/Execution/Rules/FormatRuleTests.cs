using Rlef.Execution;

namespace Rlef.Core.Tests.Execution.Rules;

/// <summary>The comparisons of the public sets. docs/formats.md names each rule beside the upstream one.</summary>
public sealed class FormatRuleTests
{
    static readonly string Long = string.Concat(Enumerable.Repeat("9071", 1200));

    [Theory]
    // Lines count, white space at their ends does not.
    [InlineData("\n a \r\nb\n\n", "a\nb", true)]
    [InlineData("a b", "a\nb", false)]
    [InlineData("a\n\nb", "a\nb", false)]
    [InlineData("a  b", "a b", false)]
    [InlineData("4  5", "4 5", true)]
    [InlineData("\u001c7\u00a0", "7", true)]
    // Numbers of a line are exact decimals, unless a word stands among them.
    [InlineData("12.0 -0 1E2", "12 0 100", true)]
    [InlineData("cost 12.0", "cost 12", false)]
    [InlineData("1_2 ٣", "12 3", true)]
    [InlineData("0x11", "17", false)]
    [InlineData("900719925474099267", "900719925474099268", false)]
    [InlineData("8.0000000001", "8", false)]
    [InlineData("INF nan", "inf nan", false)]
    [InlineData("INFINITY -inf", "inf -inf", true)]
    [InlineData("1e1000000000000000000000", "1e1000000000000000000000", true)]
    [InlineData("1e1000000000000000000000 1", "1e1000000000000000000000 1.0", false)]
    // Real answers are granted 1e-6.
    [InlineData("0.12345678", "0.123457", true)]
    [InlineData("0.123459", "0.123457", false)]
    [InlineData("5000000.4", "5000001.0", true)]
    [InlineData("nan", "0.5", false)]
    [InlineData("1e-400", "0.0", true)]
    [InlineData("1e400", "1e4000", false)]
    [InlineData("x 0.12345678", "x 0.123457", false)]
    public void LiveCodeBench_compares_lines_of_text_or_of_decimals(string actual, string expected, bool equal) =>
        Assert.Equal(equal, OutputComparer.Equal(Comparison.LiveCodeBench, actual, expected));

    [Theory]
    [InlineData("{\"__tuple__\": [4, {\"__tuple__\": [1]}]}", "[4, [1]]", true)]
    [InlineData("[0.30000000000000004]", "[0.3]", true)]
    [InlineData("[0.30001]", "[0.3]", false)]
    [InlineData("[3.0000000001]", "[3]", false)]
    [InlineData("50000000000000001", "50000000000000000", false)]
    [InlineData("{\"__dict__\": [[1, 2]]}", "{\"1\": 2}", false)]
    [InlineData("{\"__float__\": \"nan\"}", "0.5", false)]
    public void LiveCodeBench_compares_values(string actual, string expected, bool equal) =>
        Assert.Equal(equal, OutputComparer.Equal(Comparison.LiveCodeBench, actual, expected, values: true));

    [Theory]
    // White space and empty lines do not count; lines, tokens and their order do.
    [InlineData("a   b\n\n\nc", "a b\nc", true)]
    [InlineData("a b\fc", "a b\nc", true)]
    [InlineData("a b c", "a b\nc", false)]
    [InlineData("c\na b", "a b\nc", false)]
    [InlineData("b a\nc", "a b\nc", false)]
    [InlineData("c\nc", "c", false)]
    // Where all is numbers: three digits after the point, or 1e-5 of a number that has its line for itself.
    [InlineData("2.71828 0.33333", "2.718 0.333", true)]
    [InlineData("2.7188 0.33333", "2.718 0.333", false)]
    [InlineData("200001.5", "200000.0", true)]
    [InlineData("200003.5", "200000.0", false)]
    [InlineData("200001.5 1", "200000.0 1", false)]
    [InlineData("-0.0001", "0", true)]
    [InlineData("0.0625", "0.062", true)]
    [InlineData("case 2.71828", "case 2.718", false)]
    [InlineData("200001", "200000", false)]
    [InlineData("007", "7", true)]
    [InlineData("1e400", "2e400", false)]
    [InlineData("10e399", "1e400", true)]
    [InlineData("Infinity", "inf", true)]
    [InlineData("nan 1", "nan 1.0", false)]
    public void Apps_compares_lines_and_numbers(string actual, string expected, bool equal) =>
        Assert.Equal(equal, OutputComparer.Equal(Comparison.Apps, actual, expected));

    [Theory]
    [InlineData("7", "[7]", true)]
    [InlineData("{\"__tuple__\": [7]}", "[7]", true)]
    [InlineData("7", "[7, 8]", false)]
    [InlineData("[7]", "7", false)]
    [InlineData("[[7]]", "[7]", false)]
    [InlineData("{\"__dict__\": [[7, 8]]}", "[{\"__dict__\": [[7, 8]]}]", true)]
    [InlineData("{\"__dict__\": [[\"7\", 8]]}", "[{\"__dict__\": [[7, 8]]}]", false)]
    [InlineData("0.30000000000000004", "[0.3]", true)]
    public void Apps_takes_a_value_or_the_one_element_of_a_list(string actual, string expected, bool equal) =>
        Assert.Equal(equal, OutputComparer.Equal(Comparison.Apps, actual, expected, values: true));

    [Theory]
    [InlineData("yes\v4\n\n5", "YES 4 5", true)]
    [InlineData("yes\f4", "yes 4", false)]
    [InlineData("é", "É", false)]
    [InlineData("0.123456", "0.123465", true)]
    [InlineData("0.123456", "0.123467", false)]
    [InlineData("3000000.1", "3000000", false)]
    [InlineData("0x1F 1e2 +5", "31 100 5", true)]
    [InlineData("nan", "NaN", true)]
    [InlineData("nan 1.0", "nan 1", false)]
    [InlineData("900719925474099267", "900719925474099268", false)]
    [InlineData("5 6", "5", false)]
    public void CodeContests_compares_tokens_and_doubles(string actual, string expected, bool equal) =>
        Assert.Equal(equal, OutputComparer.Equal(Comparison.CodeContests, actual, expected));

    [Theory]
    [InlineData("Yes\f5", "yES 5", null, false, true)]
    [InlineData("ö", "Ö", null, false, false)]
    [InlineData("5.0", "5", null, false, false)]
    [InlineData("5.0", "5", 0.0, false, true)]
    // Whole numbers, zeros of either sign and hexadecimal numbers are numbers too.
    [InlineData("4000000001", "4000000000", 1e-9, false, true)]
    [InlineData("-0", "0", 1e-9, false, true)]
    [InlineData("0x1p4", "16", 1e-9, false, true)]
    [InlineData("seven", "7", 1e-9, false, false)]
    [InlineData("nan", "7", 1e-9, false, false)]
    [InlineData("1E999", "1e999", 1e-9, false, true)]
    [InlineData("inf", "1e999", 1e-9, false, false)]
    [InlineData("7x", "7", 1e-9, false, false)]
    [InlineData("7\0x", "7\0y", 1e-9, false, false)]
    [InlineData("5  6\n", "5 6\n", null, true, false)]
    [InlineData("5 6", "5 6\n", null, true, false)]
    [InlineData("A 6.0\n", "a 6\n", 1e-9, true, true)]
    public void Kattis_compares_as_its_flags_say(string actual, string expected, double? tolerance, bool spaces, bool equal) =>
        Assert.Equal(equal, KattisRule.Equal(actual, expected, tolerance is { } t ? new(t, t) : null, ignoreCase: true, spaces));

    [Fact]
    public void Kattis_tolerances_work_alone()
    {
        Assert.True(KattisRule.Equal("1000.5", "1000", new(Absolute: 1, Relative: 0), false, false));
        Assert.False(KattisRule.Equal("1000.5", "1000", new(Absolute: 0, Relative: 1e-4), false, false));
        Assert.False(KattisRule.Equal("a", "A", new(Absolute: 0, Relative: 1e-4), false, false));
    }

    [Fact]
    public void Numbers_of_thousands_of_digits_are_compared_in_full()
    {
        foreach (var comparison in (Comparison[])[Comparison.LiveCodeBench, Comparison.Apps, Comparison.CodeContests, Comparison.Float])
        {
            Assert.True(OutputComparer.Equal(comparison, "0" + Long, Long), $"{comparison}");
            Assert.False(OutputComparer.Equal(comparison, "1" + Long[1..], Long), $"{comparison}");
        }
        Assert.True(OutputComparer.Equal(Comparison.LiveCodeBench, Long + ".0", Long));
    }

    // An output is as long as a program likes.
    [Theory]
    [InlineData(Comparison.LiveCodeBench)]
    [InlineData(Comparison.Apps)]
    [InlineData(Comparison.CodeContests)]
    public void Long_outputs_are_compared_in_little_more_than_their_length(Comparison comparison)
    {
        var lines = string.Concat(Enumerable.Range(0, 200_000).Select(i => $"{i} {i}.0\n"));
        var digits = new string('7', 1 << 20);
        foreach (var text in (string[])[lines, digits, "1e" + digits, new string(' ', 1 << 20), new string('\n', 1 << 20)])
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            Assert.True(OutputComparer.Equal(comparison, text, text));
            Assert.False(OutputComparer.Equal(comparison, text + " 1.5", text + " 1"));
            Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 100L * text.Length, comparison.ToString());
        }
    }

    [Theory]
    [InlineData("-0", "0", true)]
    [InlineData("+0", "-0.0", true)]
    [InlineData("-5", "5", false)]
    [InlineData("50000000000000001", "50000000000000000", false)]
    [InlineData("nan", "nan", true)]
    [InlineData("nan", "1.5", false)]
    public void A_tolerance_of_our_own_is_for_real_numbers(string actual, string expected, bool equal) =>
        Assert.Equal(equal, OutputComparer.Equal(Comparison.Float, actual, expected));
}
