using System.Text;

namespace Rlef.Cli.Tests;

public sealed class ClaimsCommandTests : IDisposable
{
    readonly string page = Path.Combine(Directory.CreateTempSubdirectory("rlef-claims-").FullName, "page.md");

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(page)!, true);

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    public async Task A_table_takes_its_place_whichever_way_lines_end(string line)
    {
        File.WriteAllText(page, $"Ä{line}<!-- claims -->{line}old{line}<!-- /claims -->{line}end");
        var (code, _, error) = await Processes.RlefAsync("claims", "--into", page);
        Assert.Equal((0, ""), (code, error));
        var lines = File.ReadAllText(page).Split(line);
        Assert.Equal(("Ä", "<!-- claims -->", "<!-- /claims -->", "end"), (lines[0], lines[1], lines[^2], lines[^1]));
        Assert.All(lines[2..^2], row => Assert.True(row.StartsWith('|') && row.EndsWith('|')));
        Assert.InRange(lines.Length, 20, 200);
    }

    [Fact]
    public async Task A_page_in_another_encoding_stays_as_it_is()
    {
        var bytes = Encoding.Latin1.GetBytes("Ä\n<!-- claims -->\n<!-- /claims -->\n");
        File.WriteAllBytes(page, bytes);
        var (code, _, error) = await Processes.RlefAsync("claims", "--into", page);
        Assert.Equal(1, code);
        Assert.Contains("Save the file as UTF-8", error);
        Assert.Equal(bytes, File.ReadAllBytes(page));
    }
}
