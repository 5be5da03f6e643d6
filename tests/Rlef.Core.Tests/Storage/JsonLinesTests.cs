using Rlef.Storage;

namespace Rlef.Core.Tests.Storage;

public sealed class JsonLinesTests : IDisposable
{
    readonly string path = Path.GetTempFileName();

    public void Dispose() => File.Delete(path);

    List<int> Read(string text)
    {
        File.WriteAllText(path, text);
        return [.. JsonLines.Read<int>(path)];
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("1\n2\n", "1 2")]
    [InlineData("1\n2", "1 2")]
    [InlineData("1\n[2", "1")]
    public void Lines_are_read_up_to_one_that_is_not_yet_written(string text, string values) => Assert.Equal(values, string.Join(' ', Read(text)));

    [Theory]
    [InlineData("1\n[2\n", "line 2: ")]
    [InlineData("1\n\n3\n", "line 2: it is empty.")]
    [InlineData("x\n2", "line 1: 'x' where a value should begin.")]
    [InlineData("1\n\"a\"\n", "line 2: ")]
    public void A_damaged_line_is_named(string text, string place) =>
        Assert.Contains($"{path}, {place}", Assert.Throws<InvalidDataException>(() => Read(text)).Message);

    [Fact]
    public void A_file_that_is_not_there_has_no_lines() => Assert.Empty(JsonLines.Read<int>(path + ".none"));
}
