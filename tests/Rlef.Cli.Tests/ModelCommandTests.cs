using System.Diagnostics;
using System.Text.Json;
using Rlef.Experiments;

namespace Rlef.Cli.Tests;

/// <summary>The commands for tokenizers and models, on the shipped base policy.</summary>
public sealed class ModelCommandTests
{
    static readonly string Base = Home.File("data", "nano", "base");

    static async Task<(int Code, string Output, string Error)> RlefAsync(string input, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "rlef.dll"), .. arguments])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true,
        };
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output, await error);
    }

    [Fact]
    public async Task Texts_become_ids_and_come_back()
    {
        const string texts = """["Read two integers.","","<|user|>é 😀\n<|end|>"]""";
        var (code, ids, _) = await RlefAsync(texts, "tokenizer", "encode", "--tokenizer", Base);
        Assert.Equal(0, code);
        Assert.Equal([3, 0], new[] { JsonSerializer.Deserialize<int[][]>(ids)!.Length, JsonSerializer.Deserialize<int[][]>(ids)![1].Length });
        Assert.Equal(JsonSerializer.Deserialize<string[]>(texts)!, JsonSerializer.Deserialize<string[]>((await RlefAsync(ids, "tokenizer", "decode", "--tokenizer", Base)).Output)!);
        Assert.Equal("é 😀\n", JsonSerializer.Deserialize<string[]>((await RlefAsync(ids, "tokenizer", "decode", "--tokenizer", Base, "--skip-special")).Output)![2]);
    }

    [Theory]
    [InlineData("encode", "[1]", "array of texts")]
    [InlineData("encode", "", "array of texts")]
    [InlineData("encode", "[null]", "null")]
    [InlineData("decode", "[\"a\"]", "arrays of ids")]
    [InlineData("decode", "[[99999999]]", "99999999")]
    public async Task Input_of_another_kind_is_one_clear_error(string command, string input, string part)
    {
        var (code, output, error) = await RlefAsync(input, "tokenizer", command, "--tokenizer", Base);
        Assert.Equal((1, ""), (code, output));
        Assert.Contains(part, error);
        Assert.Single(error.Trim().Split('\n'));
    }

    [Fact]
    public async Task A_text_is_scored_and_continued()
    {
        const string text = "<|user|>Read two integers. Print their sum.<|end|><|assistant|>";
        var (code, output, _) = await RlefAsync(text, "model", "score", "--model", Base);
        Assert.Equal(0, code);
        using var score = JsonDocument.Parse(output);
        var (ids, logProbs) = (score.RootElement.GetProperty("ids"), score.RootElement.GetProperty("log_probs").EnumerateArray().ToList());
        Assert.Equal(ids.GetArrayLength(), logProbs.Count);
        Assert.Equal(JsonValueKind.Null, logProbs[0].ValueKind);
        Assert.All(logProbs.Skip(1), p => Assert.True(p.GetDouble() <= 0));
        Assert.Equal(logProbs.Skip(1).Sum(p => p.GetDouble()), score.RootElement.GetProperty("sum").GetDouble(), 1e-3);

        using var half = JsonDocument.Parse((await RlefAsync(text, "model", "score", "--model", Base, "--dtype", "bfloat16")).Output);
        var sum = score.RootElement.GetProperty("sum").GetDouble();
        Assert.Equal(sum, half.RootElement.GetProperty("sum").GetDouble(), 0.05 * Math.Abs(sum));
        Assert.NotEqual(sum, half.RootElement.GetProperty("sum").GetDouble());

        var first = await RlefAsync(text, "model", "generate", "--model", Base, "--greedy", "--max-tokens", "12");
        Assert.Equal(0, first.Code);
        Assert.NotEmpty(first.Output.Trim());
        Assert.Equal(first.Output, (await RlefAsync(text, "model", "generate", "--model", Base, "--greedy", "--max-tokens", "12", "--seed", "2")).Output);
    }

    [Theory]
    [InlineData("--top-p 0", "--top-p")]
    [InlineData("--max-tokens 0", "--max-tokens")]
    [InlineData("--min-p 2", "--min-p")]
    [InlineData("--max-tokens 5", "empty")]
    public async Task Wrong_options_and_an_empty_prompt_are_named(string options, string part)
    {
        var (code, output, error) = await RlefAsync("", ["model", "generate", "--model", Base, .. options.Split(' ')]);
        Assert.NotEqual(0, code);
        Assert.Contains(part, output + error);
    }
}
