using System.IO.Compression;
using System.Text.Json;
using Rlef.Execution;
using Rlef.Problems;

namespace Rlef.Core.Tests.Problems;

/// <summary>The real public sets, where they lie beside the repository. Smaller parts of the largest ones: all of them takes minutes.</summary>
public sealed class PublicSetTests(Sandboxes sandboxes)
{
    async Task<(ProblemReading Reading, ProblemSetValidator.Result Result)> ValidateAsync(string path)
    {
        var reading = await ProblemReader.ReadAsync(path, sandboxes.Local);
        // Some references compute for seconds, and what is asked here is not how busy the machine is.
        var set = reading.ToSetWithoutFaulty();
        return (reading, await ProblemSetValidator.ValidateAsync(new ProblemSet(set.Name, set.Select(Patient)), sandboxes.Judge()));
    }

    static Problem Patient(Problem problem)
    {
        var limits = problem.Limits ?? Limits.Default;
        return problem with { Limits = limits with { Cpu = 4 * limits.Cpu, Wall = 4 * limits.Wall } };
    }

    [Theory]
    [InlineData("humaneval/HumanEval.jsonl.gz", 164)]
    [InlineData("apps/train", 5)]
    public async Task Every_reference_is_accepted_and_no_empty_program(string name, int problems) => await ProvesItselfAsync(SharedData.Require(name), problems);

    [Theory]
    [InlineData("mbpp/mbpp.jsonl", 200)]
    [InlineData("mbpp/sanitized-mbpp.json", 100)]
    [InlineData("evalplus/HumanEvalPlus.jsonl.gz", 25)]
    [InlineData("evalplus/MbppPlus.jsonl.gz", 60)]
    public async Task The_first_problems_prove_themselves(string name, int count)
    {
        var folder = Directory.CreateTempSubdirectory("rlef-set-").FullName;
        try
        {
            await ProvesItselfAsync(Part(SharedData.Require(name), count, folder), count);
        }
        finally
        {
            Directory.Delete(folder, true);
        }
    }

    async Task ProvesItselfAsync(string path, int problems)
    {
        var (reading, result) = await ValidateAsync(path);
        Assert.Empty(reading.Faults.Concat(result.Faults.Select(f => new ProblemFault(path, 0, f.Problem, f.Field, f.What))));
        Assert.Equal((problems, problems, problems, problems), (reading.Records, reading.References, result.Accepted, result.EmptyRejected));
    }

    // A file of the first records.
    static string Part(string path, int count, string folder)
    {
        var part = Path.Combine(folder, Path.GetFileName(path).Replace(".gz", "", StringComparison.Ordinal));
        if (path.EndsWith(".json", StringComparison.Ordinal))
        {
            using var all = JsonDocument.Parse(File.ReadAllText(path));
            File.WriteAllText(part, JsonSerializer.Serialize(all.RootElement.EnumerateArray().Take(count)));
            return part;
        }
        Stream file = File.OpenRead(path);
        using var reader = new StreamReader(path.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionMode.Decompress) : file);
        File.WriteAllLines(part, Enumerable.Range(0, count).Select(_ => reader.ReadLine()!));
        return part;
    }

    [Fact]
    public async Task Packages_without_a_validator_are_told_and_the_others_read()
    {
        var (reading, result) = await ValidateAsync(SharedData.Require("kattis-icpc"));
        Assert.Equal(["highwaycombinatorics", "infinityissues"], reading.Faults.Select(f => f.Problem));
        Assert.Equal(["basicbrewing", "indexcase", "lookingforwaldo"], reading.Problems.Select(p => p.Problem.Id));
        Assert.Equal(3, result.EmptyRejected);
    }

    [Fact]
    public async Task Sets_without_references_are_read_to_the_last_row()
    {
        var (reading, result) = await ValidateAsync(SharedData.Require("livecodebench/lcb_hf_format_1873A.jsonl"));
        Assert.Equal((1, 0, 1), (reading.Records, reading.References, result.EmptyRejected));
        (reading, result) = await ValidateAsync(SharedData.Require("codecontests/sandboxfusion_train20.jsonl"));
        Assert.Equal((20, 0, 20), (reading.Records, reading.References, result.EmptyRejected));
        Assert.Empty(reading.Faults);
    }
}
