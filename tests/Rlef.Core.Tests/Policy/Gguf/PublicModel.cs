using System.Text.Json;
using Rlef.Policy;
using static TorchSharp.torch;

namespace Rlef.Core.Tests.Policy;

/// <summary>SmolLM2-135M-Instruct as quantized by others, and what transformers computes with it.</summary>
static class PublicModel
{
    public sealed record Logits(int Position, double[][] Top, double[][] Probes, double Logsumexp, double Mean, double Std);

    public sealed record Greedy(int[] Ids, string Text, double SmallestMargin);

    public sealed record Prompt(string Name, string Text, int[] Ids, Logits[] Logits, double SumLogProbOfText, Greedy Greedy);

    public sealed record Tokenized(string Text, int[] Ids);

    public sealed record Message(string Role, string Content);

    public sealed record Chat(Message[] Messages, bool AddGenerationPrompt, string Text, int[] Ids);

    public sealed record Dequantised(string Tensor, string Type, long[] ShapeRowsColumns, double Sum, double SumOfSquares, double[][] Values);

    static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public static string Path => SharedData.Require("models", "smollm2", "SmolLM2-135M-Instruct.Q4_1.gguf");

    public static Prompt[] Prompts => Read<Prompt[]>("prompts", "prompts");
    public static Tokenized[] Tokenization => Read<Tokenized[]>("tokenization", "tokenization");
    public static Chat[] Chats => Read<Chat[]>("tokenization", "chat");
    public static Dequantised[] Weights => Read<Dequantised[]>("dequantised", "dequantised");

    static T Read<T>(string file, string property)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(SharedData.Require("models", "smollm2", file + ".json")));
        return document.RootElement.GetProperty(property).Deserialize<T>(Json)!;
    }

    /// <summary>Logits at some positions of a text: [positions][vocabulary].</summary>
    public static float[][] LogitsOf(Transformer model, int[] ids, IEnumerable<int> positions)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var hidden = model.Hidden(tensor([.. ids.Select(i => (long)i)], [1, ids.Length]).to(model.Device));
        return [.. positions.Select(p => model.Logits(hidden.select(1, p)).Floats())];
    }

    /// <summary>Logits agree with the recorded ones, which have five digits behind the point, to a share of their size, or of 1.</summary>
    public static void AssertLogits(Prompt prompt, float[][] logits, double tolerance)
    {
        foreach (var (golden, row) in prompt.Logits.Zip(logits))
        {
            foreach (var pair in golden.Top.Concat(golden.Probes))
                Assert.True(Math.Abs(pair[1] - row[(int)pair[0]]) <= tolerance * Math.Max(1, Math.Abs(pair[1])), $"{prompt.Name}, position {golden.Position}, token {pair[0]}: {pair[1]} and {row[(int)pair[0]]}");
            var largest = row.Max();
            Assert.Equal(golden.Logsumexp, largest + Math.Log(row.Sum(x => Math.Exp(x - largest))), tolerance * Math.Abs(golden.Logsumexp));
            Assert.Equal(golden.Mean, row.Average(x => (double)x), tolerance * Math.Abs(golden.Mean));
        }
    }
}
