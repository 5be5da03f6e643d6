using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Rlef.Execution;

namespace Rlef.Core.Tests.Execution;

public sealed class ValueComparerTests
{
    [Theory]
    [InlineData("1", "1.0", true)]
    [InlineData("true", "1", true)]
    [InlineData("false", "1", false)]
    [InlineData("1", "\"1\"", false)]
    [InlineData("null", "false", false)]
    [InlineData("123456789012345678901", "123456789012345678902", false)]
    [InlineData("9007199254740993", "9007199254740992.0", false)]
    [InlineData("{\"__int__\":\"0x-1\"}", "1", false)]
    [InlineData("{\"__int__\":\"0x10\"}", "16", true)]
    [InlineData("{\"__int__\":\"-0x10\"}", "-16", true)]
    [InlineData("{\"__float__\":\"inf\"}", "{\"__float__\":\"inf\"}", true)]
    [InlineData("{\"__float__\":\"nan\"}", "{\"__float__\":\"nan\"}", false)]
    [InlineData("{\"__complex__\":[2,0]}", "2", true)]
    // Plain JSON has no tuples.
    [InlineData("{\"__tuple__\":[1,2]}", "[1,2]", true)]
    [InlineData("{\"__tuple__\":[1,2]}", "[2,1]", false)]
    [InlineData("[1,2]", "[1,2,3]", false)]
    [InlineData("[1,2,3]", "[1,2]", false)]
    [InlineData("{\"__set__\":[1,2]}", "{\"__set__\":[2,1.0]}", true)]
    [InlineData("{\"__set__\":[1]}", "[1]", false)]
    [InlineData("{\"__dict__\":[[\"a\",1],[\"b\",2]]}", "{\"b\":2,\"a\":1}", true)]
    [InlineData("{\"__dict__\":[[1,1]]}", "{\"1\":1}", false)]
    [InlineData("{\"__dict__\":[[1,[2]]]}", "{\"__dict__\":[[1.0,[2.0]]]}", true)]
    [InlineData("{\"__init__\":3}", "{\"__init__\":3.0}", true)]
    [InlineData("{\"__dict__\":[[\"__init__\",3]]}", "{\"__init__\":3}", true)]
    [InlineData("{\"__init__\":3}", "{\"__doc__\":3}", false)]
    [InlineData("{\"__deque__\":[1,2]}", "{\"__deque__\":[1.0,2]}", true)]
    [InlineData("{\"__deque__\":[1,2]}", "[1,2]", false)]
    [InlineData("{\"__range__\":[2,0,1]}", "{\"__range__\":[2,0,1]}", true)]
    [InlineData("{\"__range__\":[2,0,1]}", "[0,1]", false)]
    [InlineData("{\"__time__\":[\"date\",\"2020-01-02\"]}", "{\"__time__\":[\"date\",\"2020-01-02\"]}", true)]
    [InlineData("{\"__time__\":[\"date\",\"2020-01-02\"]}", "\"2020-01-02\"", false)]
    // What equals everything in Python crosses as a name, and equals nothing.
    [InlineData("{\"__opaque__\":\"Always\"}", "{\"__opaque__\":\"Always\"}", false)]
    [InlineData("{\"__fraction__\":[1,10]}", "{\"__decimal__\":[\"0.1\",1,10]}", true)]
    [InlineData("{\"__fraction__\":[1,3]}", "{\"__fraction__\":[1,7]}", false)]
    [InlineData("{\"__decimal__\":[\"0.1\",1,10]}", "0.1", false)]
    [InlineData("[{\"__opaque__\":\"Always\"}]", "[1]", false)]
    // Texts that no honest worker writes.
    [InlineData("", "1", false)]
    [InlineData("1]", "1", false)]
    [InlineData("\"\\ud800\"", "\"\\ud800\"", false)]
    [InlineData("{\"__dict__\":3}", "{}", false)]
    [InlineData("{\"__dict__\":[[1]]}", "{\"__dict__\":[[1,1]]}", false)]
    [InlineData("{\"__dict__\":[[1,1],[1,2]]}", "{\"__dict__\":[[1,1]]}", false)]
    [InlineData("{\"a\":1,\"a\":1}", "{\"a\":1}", false)]
    [InlineData("{\"__complex__\":[1]}", "1", false)]
    [InlineData("{\"__int__\":\"zz\"}", "1", false)]
    public void Values_are_compared_as_Python_compares_them(string actual, string expected, bool equal) =>
        Assert.Equal(equal, ValueComparer.Equal(actual, expected));

    [Theory]
    [InlineData("{\"__tuple__\":[1,2]}", "[1,2]", false)]
    [InlineData("{\"__tuple__\":[1,2]}", "{\"__tuple__\":[1.0,2]}", true)]
    [InlineData("[[1],{\"__tuple__\":[]}]", "[[1],{\"__tuple__\":[]}]", true)]
    [InlineData("[[1],[]]", "[[1],{\"__tuple__\":[]}]", false)]
    [InlineData("{\"__dict__\":[[1,[2]]]}", "{\"__dict__\":[[1,{\"__tuple__\":[2]}]]}", false)]
    [InlineData("{\"__dict__\":[[1,[2]],[2,3]]}", "{\"__dict__\":[[2.0,3],[1,[2]]]}", true)]
    [InlineData("{\"__set__\":[1,true]}", "{\"__set__\":[1]}", false)]
    [InlineData("true", "1", true)]
    [InlineData("\"1\"", "1", false)]
    [InlineData("{\"__float__\":\"nan\"}", "{\"__float__\":\"nan\"}", false)]
    [InlineData("[{\"__opaque__\":\"Always\"}]", "[{\"__opaque__\":\"Always\"}]", false)]
    public void Equality_is_Python_s_own(string actual, string expected, bool equal) =>
        Assert.Equal(equal, ValueComparer.EqualInPython(actual, expected));

    [Theory]
    [InlineData("{\"__complex__\":[1.0000001,2]}", "{\"__complex__\":[1,2]}", true)]
    [InlineData("{\"__complex__\":[1.0000001,2]}", "{\"__complex__\":[1,2.1]}", false)]
    [InlineData("{\"__complex__\":[1.0000001,1e-9]}", "1", true)]
    [InlineData("1.5", "{\"__complex__\":[1,0]}", false)]
    public void A_tolerance_is_for_both_parts_of_a_complex_number(string actual, string expected, bool equal) =>
        Assert.Equal(equal, ValueComparer.Equal(actual, expected, Tolerance.Default));

    [Fact]
    public void Nesting_without_end_is_no_value() =>
        Assert.False(ValueComparer.Equal(new string('[', 100_000) + new string(']', 100_000), "[]"));

    // A value is as long as a program likes: comparing it must take time and memory of that order, not of its length times its depth.
    [Fact]
    public void Long_and_deep_values_cost_no_more_than_their_length()
    {
        const int depth = 200, length = 1 << 20;
        var lists = string.Concat(Enumerable.Repeat("[", depth)) + $"\"{new string('x', length)}\"" + new string(']', depth);
        var tuples = $"{{\"__set__\":[{string.Concat(Enumerable.Repeat("{\"__tuple__\":[", depth))}\"{new string('x', length)}\"{string.Concat(Enumerable.Repeat("]}", depth))}]}}";
        foreach (var (value, other) in ((string, string)[])[(lists, "[]"), (lists, "7"), (tuples, "{\"__set__\":[1]}")])
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            Assert.True(ValueComparer.EqualInPython(value, value));
            Assert.False(ValueComparer.EqualInPython(value, other));
            Assert.False(ValueComparer.EqualInPython(value, value.Replace("xx\"", "xy\"")));
            Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 100L * length);
        }
    }

    [Theory]
    [InlineData("{\"__fraction__\":[1,3]}", "0.3333333333", true)]
    [InlineData("{\"__fraction__\":[-1,3]}", "-0.3333333333", true)]
    [InlineData("{\"__fraction__\":[1,3]}", "0.34", false)]
    [InlineData("{\"__fraction__\":[1,3]}", "0", false)]
    [InlineData("{\"__decimal__\":[\"0.3333333333333333333333333333\",3333333333333333333333333333,10000000000000000000000000000]}", "0.3333333333", true)]
    [InlineData("{\"__decimal__\":[\"NaN\"]}", "0.3", false)]
    public void Fractions_and_decimals_are_numbers(string actual, string expected, bool equal)
    {
        Assert.Equal(equal, ValueComparer.Equal(actual, expected, Tolerance.Default));
        Assert.Equal(equal, ValueComparer.EqualWhereReal(actual, expected, Tolerance.Default));
    }

    [Fact]
    public void Fractions_of_long_numbers_are_near_what_they_are() => Assert.True(ValueComparer.Equal(
        $"{{\"__fraction__\":[{{\"__int__\":\"0x1{new string('0', 3000)}\"}},{{\"__int__\":\"0x3{new string('0', 3000)}\"}}]}}", "0.3333333333", Tolerance.Default));

    [Fact]
    public void The_tolerance_is_for_real_numbers()
    {
        Assert.False(ValueComparer.Equal("10000001", "10000000", Tolerance.Default));
        Assert.True(ValueComparer.Equal("10000001.0", "10000000", Tolerance.Default));
        Assert.False(ValueComparer.Equal("{\"__float__\":\"inf\"}", $"1{new string('0', 400)}", Tolerance.Default));
    }

    [Theory]
    [InlineData("[1.0000001, 2]", "[1, 2]", true)]
    [InlineData("[1.1, 2]", "[1, 2]", false)]
    [InlineData("{\"__dict__\":[[\"a\",1.0000001]]}", "{\"a\":1}", true)]
    [InlineData("{\"__float__\":\"nan\"}", "1", false)]
    [InlineData("\"1.0000001\"", "\"1\"", false)]
    public void Numbers_may_differ_by_the_tolerance(string actual, string expected, bool equal) =>
        Assert.Equal(equal, ValueComparer.Equal(actual, expected, Tolerance.Default));

    [Theory]
    [InlineData("[3,1,2]", "[1,2,3]", true)]
    [InlineData("[1,1,2]", "[1,2,2]", false)]
    [InlineData("{\"__set__\":[1,2]}", "[2,1]", true)]
    [InlineData("[{\"__opaque__\":\"A\"}]", "[{\"__opaque__\":\"A\"}]", false)]
    public void Elements_may_stand_in_any_order(string actual, string expected, bool equal) =>
        Assert.Equal(equal, ValueComparer.EqualInAnyOrder(actual, expected));

    [Theory]
    [InlineData(Comparison.Unordered, "b 2\na  1\n", "a 1\nb 2", true)]
    [InlineData(Comparison.Unordered, "a 1\na 1\nb 2", "a 1\nb 2\nb 2", false)]
    [InlineData(Comparison.Unordered, "1 a\n2 b", "a 1\nb 2", false)]
    [InlineData(Comparison.Checker, "1", "1", false)]
    [InlineData(Comparison.Float, "1000001", "1000000", false)]
    [InlineData(Comparison.Float, "+7", "007", true)]
    [InlineData(Comparison.Float, "1.0000001 x", "1 x", true)]
    [InlineData(Comparison.Float, "1 2", "1", false)]
    [InlineData(Comparison.Float, "", "0", false)]
    [InlineData(Comparison.Tokens, "YES", "yes", false)]
    public void Texts_are_compared_by_the_problems_rule(Comparison comparison, string actual, string expected, bool equal) =>
        Assert.Equal(equal, OutputComparer.Equal(comparison, actual, expected));

    [Fact]
    public void Case_may_be_ignored_and_a_tolerance_given()
    {
        Assert.True(OutputComparer.Equal(Comparison.Tokens, "YES", "yes", ignoreCase: true));
        Assert.True(OutputComparer.Equal(Comparison.Float, "1.05", "1.0", new Tolerance(0.1, 0)));
        Assert.False(OutputComparer.Equal(Comparison.Float, "10.5", "10.0", new Tolerance(0.1, 0.01)));
    }

    [Fact]
    public void A_value_of_unknown_type_or_nan_is_never_exactly_equal()
    {
        foreach (var value in (string[])["{\"__opaque__\": \"A\"}", "[{\"__float__\": \"nan\"}]"])
            Assert.False(OutputComparer.Equal(Comparison.Exact, value, value, values: true));
    }

    [Fact]
    public void Comparison_is_reflexive_and_symmetric_on_whatever_text()
    {
        var texts = Gen.Elements("1", "1.0", "true", "\"a\"", "[]", "[1]", "{\"__tuple__\":[1]}", "{\"__set__\":[1]}", "{}", "{\"a\":[1]}", "null", "{\"__dict__\":[[1,2]]}", "x", "[");
        Prop.ForAll(Arb.From(Gen.Two(texts)), pair =>
        {
            var (a, b) = pair;
            return ValueComparer.Equal(a, b) == ValueComparer.Equal(b, a) && ValueComparer.Equal(a, a) == IsJson(a);
        }).QuickCheckThrowOnFailure();

        static bool IsJson(string text)
        {
            try
            {
                JsonDocument.Parse(text).Dispose();
                return true;
            }
            catch (JsonException)
            {
                return false;
            }
        }
    }

    [Theory]
    [InlineData("[1, 2]", "[1,2]", true)]
    [InlineData("[1, 2.0000001]", "[1,2]", true)]
    [InlineData("[1, 2.1]", "[1,2]", false)]
    [InlineData("0.30000000000000004", "0.3", true)]
    public void Floats_among_values_may_be_off_a_little(string actual, string expected, bool equal) =>
        Assert.Equal(equal, OutputComparer.Equal(Comparison.Float, actual, expected, values: true));
}
