using Rlef.Dialogue;
using Rlef.Policy;
using static TorchSharp.torch;

namespace Rlef.Cli.Tests;

/// <summary>A policy goes to a GGUF file and back, and the file stands wherever a folder can.</summary>
public sealed class ConvertCommandTests : IDisposable
{
    const string Words = @"'(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+";

    readonly TrainFolder folder = new();
    readonly string source, file;

    public ConvertCommandTests()
    {
        (source, file) = (folder.File("hf"), folder.File("m.gguf"));
        var (vocabulary, merges) = BpeTrainer.Train(["print the sum of two numbers"], 280, Words);
        var config = ModelConfig.Nano(vocabulary.Count + PlainChat.SpecialTokens.Count) with { HiddenSize = 32, IntermediateSize = 64, NumHiddenLayers = 1 };
        using var policy = new PolicyCheckpoint(new Transformer(config, CPU), TokenizerFile.ToJson(vocabulary, merges, PlainChat.SpecialTokens, Words), PlainChat.Template);
        policy.Save(source);
    }

    public void Dispose() => folder.Dispose();

    static async Task<string> RlefAsync(string input, params string[] arguments)
    {
        var (code, output, error) = await Processes.RunAsync("bash", ["-c", "input=$1; shift; printf %s \"$input\" | dotnet \"$@\"", "bash", input, Processes.Dll, .. arguments]);
        Assert.True(code == 0, error);
        return output;
    }

    [Fact]
    public async Task A_file_is_written_and_stands_for_the_folder()
    {
        Assert.Contains("parameters", await RlefAsync("", "model", "convert", source, file, "--type", "f32"));
        const string text = "print the 12 numbers<|end|>";
        foreach (var arguments in (string[][])[["model", "score", "--model"], ["model", "generate", "--greedy", "--max-tokens", "8", "--model"]])
            Assert.Equal(await RlefAsync(text, [.. arguments, source]), await RlefAsync(text, [.. arguments, file]));
        Assert.Equal(await RlefAsync($"[\"{text}\"]", "tokenizer", "encode", "--tokenizer", source), await RlefAsync($"[\"{text}\"]", "tokenizer", "encode", "--tokenizer", file));
        Assert.Matches(@"(?m)^1@1 +\d", await RlefAsync("", "evaluate", "--policy", file, "--problems", folder.File("problems.jsonl"), "--samples", "1", "--turns", "1", "--max-tokens", "4"));
        await RlefAsync("", [.. folder.Arguments(folder.File("run"), 1).Skip(1), "--policy", file]);
        await RlefAsync("", "model", "convert", folder.File("run", "policy"), folder.File("trained.gguf"));
        await RlefAsync("", "model", "convert", file, folder.File("back"), "--type", "f32");
        using PolicyCheckpoint before = PolicyCheckpoint.Load(source, CPU), after = PolicyCheckpoint.Load(folder.File("back"), CPU);
        foreach (var (name, weight) in before.Model.Parameters)
            Assert.Equal(weight.data<float>().ToArray(), after.Model.Parameters[name].data<float>().ToArray());
    }

    [Theory]
    [InlineData("back", "q8_0", "GGUF file")]
    [InlineData("m.gguf", "q4_0", "q4_0")]
    public async Task A_type_that_is_not_written_is_named(string target, string type, string part)
    {
        var (code, _, error) = await Processes.RunAsync("dotnet", [Processes.Dll, "model", "convert", source, folder.File(target), "--type", type]);
        Assert.NotEqual(0, code);
        Assert.Contains(part, error);
        Assert.False(Path.Exists(folder.File(target)));
    }

    [Fact]
    public async Task A_file_of_another_kind_is_named()
    {
        File.WriteAllText(file, "no model");
        var (code, _, error) = await Processes.RunAsync("dotnet", [Processes.Dll, "model", "generate", "--model", file]);
        Assert.Equal(1, code);
        Assert.StartsWith($"rlef: {file} is no GGUF file", error);
        Assert.Single(error.Trim().Split('\n'));
    }
}
