using System.Text.Json;
using Rlef.Experiments;
using Rlef.Policy;
using static Rlef.Server.Tests.ServedPolicy;
using static TorchSharp.torch;

namespace Rlef.Server.Tests;

/// <summary>What clients are told of single tokens.</summary>
public sealed class TokenNameTests(ServedPolicy served) : IClassFixture<ServedPolicy>
{
    const string Chat = "/v1/chat/completions", Text = "/v1/completions";

    static IEnumerable<JsonElement> LogProbs(JsonElement answer, string name) =>
        answer.GetProperty("choices").EnumerateArray().Select(c => c.GetProperty("logprobs")).Where(l => l.ValueKind != JsonValueKind.Null).SelectMany(l => l.GetProperty(name).EnumerateArray());

    // Random weights draw spaces, bytes that are half a character, and special tokens, of which the names are no text.
    [Fact]
    public async Task Names_of_tokens_are_the_text_whole_or_streamed()
    {
        var tokenizer = File.ReadAllText(Home.File("tests", "Rlef.Core.Tests", "Policy", "Reference", "tokenizers", "llama2.json"));
        using var policy = new PolicyCheckpoint(new Transformer(ModelConfig.Nano(325), CPU), tokenizer);
        await using var running = await StartAsync(policy);
        static bool IsText(string name) => name is not ("<s>" or "</s>" or "<unk>");
        for (var seed = 0; seed < 20; seed++)
        {
            object Asked(bool stream) => new { model = Name, prompt = "Once upon", max_tokens = 40, temperature = 2, seed, logprobs = 3, stream };
            var (whole, chunks) = (await AskAsync(running.Client, Text, Asked(false)), await StreamAsync(running.Client, Text, Asked(true)));
            var text = whole.GetProperty("choices")[0].GetProperty("text").GetString()!;
            string[] names = [.. LogProbs(whole, "tokens").Select(t => t.GetString()!)];
            Assert.Equal(text, string.Concat(names.Where(IsText)));
            Assert.Equal(names, chunks.SelectMany(c => LogProbs(c, "tokens")).Select(t => t.GetString()));
            int[] offsets = [.. LogProbs(whole, "text_offset").Select(o => o.GetInt32())];
            Assert.Equal(offsets, chunks.SelectMany(c => LogProbs(c, "text_offset")).Select(o => o.GetInt32()));
            Assert.Equal(names.Select((_, i) => names[..i].Where(IsText).Sum(n => n.Length)), offsets);
        }
    }

    [Fact]
    public async Task A_temperature_too_small_to_divide_by_takes_the_most_likely_token()
    {
        await using var running = await served.StartAsync();
        async Task<string> Choices(double temperature) => (await AskAsync(running.Client, Chat, new
        {
            model = Name, messages = new[] { new { role = "user", content = "Print the sum." } }, max_tokens = 20, temperature, logprobs = true, top_logprobs = 5,
        })).GetProperty("choices").GetRawText();
        var greedy = await Choices(0);
        foreach (var temperature in (double[])[double.Epsilon, 1e-39, 1e-9])
            Assert.Equal(greedy, await Choices(temperature));
    }

    [Fact]
    public void What_is_no_number_of_JSON_is_told_as_OpenAI_does()
    {
        var told = ToldToken.Of(new(5, float.NegativeInfinity, [new(5, float.NegativeInfinity), new(6, -1)]), "a", 0, ["b", "c"], served.Policy.Tokenizer);
        Assert.Equal((-9999, "a"), (told.LogProb, told.Name));
        Assert.Equal([("a", -9999), ("c", -1)], told.Alternatives);
    }
}
