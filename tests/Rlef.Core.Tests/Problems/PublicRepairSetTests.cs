using System.Text.Json;
using Rlef.Dialogue;
using Rlef.Problems;

namespace Rlef.Core.Tests.Problems;

/// <summary>The real sets of repair and their lists of records that cannot be used, where they lie beside the repository.</summary>
public sealed class PublicRepairSetTests(Sandboxes sandboxes)
{
    static JsonElement[] Bad(string set) => [.. JsonDocument.Parse(File.ReadAllText(SharedData.Require($"{set}/bad.json"))).RootElement.EnumerateArray().Where(b => b.GetProperty("severity").GetString() == "bad")];

    async Task<ProblemReading> ProveAsync(string path, int records)
    {
        var reading = await ProblemReader.ReadAsync(path, sandboxes.Local);
        var result = await ProblemSetValidator.ValidateAsync(reading.ToSetWithoutFaulty(), sandboxes.Judge());
        Assert.Empty(result.Faults);
        Assert.Equal(records, reading.Records);
        Assert.Equal((reading.Problems.Length, reading.Problems.Length), (result.Accepted, result.EmptyRejected));
        // What a dialogue hands in is found in its response again, whatever is wrong with it.
        foreach (var (problem, _, _) in reading.Problems)
            Assert.Equal(problem.Draft!.TrimEnd('\n'), CodeBlock.Find(RolloutStart.Of(problem).Responses[0])?.Program.TrimEnd('\n'));
        return reading;
    }

    [Theory]
    [InlineData("quixbugs/quixbugs_python.jsonl", 30)]
    [InlineData("humanevalpack/humanevalpack_python.jsonl.gz", 123)]
    public async Task Every_record_can_be_repaired(string name, int records) => Assert.Empty((await ProveAsync(SharedData.Require(name), records)).Faults);

    [Theory]
    [InlineData("python3_condition error.json.gz", 62)]
    [InlineData("python3_unclosed string.json.gz", 29)]
    public async Task The_records_of_DebugBench_that_cannot_be_repaired_are_those_that_its_list_names(string name, int records)
    {
        var reading = await ProveAsync(SharedData.Require("debugbench/" + name), records);
        Assert.Equal(Bad("debugbench").Where(b => b.GetProperty("file").GetString() == name).Select(b => b.GetProperty("slug").GetString()!).Order(),
            reading.Faults.Select(f => f.Problem.Split('#')[0]).Order());
    }
}
