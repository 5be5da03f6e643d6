using Rlef.Problems;

namespace Rlef.Core.Tests.Problems;

[Collection(nameof(Alone))]
public sealed class RowRangeTests(Sandboxes sandboxes) : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("rlef-rows-").FullName;

    public void Dispose() => Directory.Delete(folder, true);

    string Write(string name)
    {
        var path = Path.Combine(folder, name);
        File.WriteAllLines(path, Enumerable.Range(1, 7).Select(i =>
            $$"""{"task_id": {{i}}, "text": "Add {{i}}.", "code": "def add(n):\n    return n + {{i}}", "test_list": ["assert add(1) == {{1 + i}}", "assert add(2) == {{2 + i}}"]}"""));
        return path;
    }

    async Task<string[]> IdsAsync(string path) => [.. (await ProblemReader.ReadAsync(path, sandboxes.Local)).ToSet().Select(p => p.Id)];

    [Fact]
    public async Task A_range_takes_the_problems_at_its_places()
    {
        var path = Write("set.jsonl");
        Assert.Equal(["2", "3", "4"], await IdsAsync(path + "#2-4"));
        Assert.Equal(["7"], await IdsAsync(path + "#7-7"));
        Assert.Equal(7, (await IdsAsync(path)).Length);
    }

    [Theory]
    [InlineData("#0-3")]
    [InlineData("#4-3")]
    [InlineData("#5-8")]
    [InlineData("#8-9")]
    public async Task A_range_that_is_none_of_the_set_s_is_named(string range) =>
        Assert.Contains(range, (await Assert.ThrowsAsync<ArgumentException>(() => IdsAsync(Write("set.jsonl") + range))).Message);

    [Fact]
    public async Task A_file_may_be_called_like_a_range() => Assert.Equal(7, (await IdsAsync(Write("set#1-2"))).Length);
}
