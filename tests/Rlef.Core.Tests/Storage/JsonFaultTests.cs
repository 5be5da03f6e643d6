using System.Text.Json;
using Rlef.Storage;

namespace Rlef.Core.Tests.Storage;

public sealed class JsonFaultTests
{
    [Theory]
    [InlineData("", "it is empty")]
    [InlineData("{\"a\": 1,", "it breaks off before its end")]
    [InlineData("[\"ab", "it breaks off before its end")]
    [InlineData("{'a': 1}", "single quotes; texts and names stand in double quotes")]
    [InlineData("{\"a\": 'b'}", "single quotes; texts and names stand in double quotes")]
    [InlineData("{\"a\": None}", "'N' where a value should begin; Python's None, True and False are null, true and false here")]
    [InlineData("{\"a\": 1,}", "a comma before the end of an object or list")]
    [InlineData("[1 2]", "'2' behind a value, where a comma or the end of its object or list should be")]
    [InlineData("{a: 1}", "'a' where a name in double quotes should begin")]
    [InlineData("{\"a\" 1}", "'1' behind a name, where a colon should be")]
    [InlineData("{} {}", "'{' behind the end of the value, where nothing should follow")]
    [InlineData("[1}", "'}' closes what was opened in another way")]
    [InlineData("{\"a\": tru }", "'tru' is no value; 'true' would be")]
    [InlineData("{\"a\": \"b\nc\"}", "a line break inside a text, where it is written \\n")]
    [InlineData("{\"a\": \"\\x\"}", "\\x inside a text; a backslash itself is written \\\\")]
    [InlineData("{\"a\": 012}", "a number that begins with 0")]
    [InlineData("{\"a\": 1.}", "a number that breaks off or goes on with '}'")]
    [InlineData("hello", "'h' where a value should begin")]
    public void A_fault_is_told_in_plain_words(string json, string words) => Assert.Equal(words, FaultOf(json).InWords());

    [Fact]
    public void No_word_of_the_parser_is_left_whatever_is_wrong()
    {
        const string valid = """{"a": [1.5e3, "x\n\u00e9", true, null], "b": {"c": -2}}""";
        for (var at = 0; at < valid.Length; at++)
            foreach (var put in (string[])["", "'", "}", "]", ",", ":", "\"", "x", "\n", "\\", "0", "-", "\u0001", "T", "é"])
                foreach (var json in (string[])[valid.Remove(at, 1).Insert(at, put), valid.Insert(at, put), valid[..at] + put])
                    if (TryFault(json) is { } fault)
                        foreach (var word in (string[])["LineNumber", "BytePosition", "Expected", "invalid", "token", "isFinalBlock", "reader", "escaped", "delimiter"])
                            Assert.DoesNotContain(word, fault.OneLine());
    }

    [Theory]
    [InlineData("[]", "a value of kind Array stands where one of kind Object is expected.")]
    [InlineData("{}", "rank is missing.")]
    [InlineData("{\"rank\": true}", "a value of kind True stands where one of kind Number is expected.")]
    public void A_field_that_cannot_be_read_is_told_in_plain_words_with_its_file(string json, string words)
    {
        var path = Path.GetTempFileName();
        File.WriteAllText(path, json);
        Assert.Equal($"{path}: {words}", Assert.Throws<InvalidDataException>(() => JsonFile.Read(path, Rank)).Message);
        File.Delete(path);

        static int Rank(string text)
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement.Field("rank").GetInt32();
        }
    }

    [Fact]
    public void The_place_is_told_from_one()
    {
        Assert.Equal("'x' behind a value, where a comma or the end of its object or list should be (line 2, byte 2).", FaultOf("[1\n x]").OneLine());
        Assert.Equal("a sentence of ours.", new JsonException("a sentence of ours.").OneLine());
    }

    static JsonException FaultOf(string json) => TryFault(json) ?? throw new InvalidOperationException($"{json} is JSON.");

    static JsonException? TryFault(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return null;
        }
        catch (JsonException e)
        {
            return e;
        }
    }
}
