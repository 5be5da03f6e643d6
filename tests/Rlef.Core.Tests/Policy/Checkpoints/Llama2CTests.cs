using System.Text.Json;
using Rlef.Policy;
using static TorchSharp.torch;

namespace Rlef.Core.Tests.Policy;

/// <summary>A trained model of llama2.c against the logits and the text of its reference.</summary>
public sealed class Llama2CTests
{
    sealed record Golden(string Prompt, int[] PromptIds, JsonElement[][] LastLogitsTop10, int[] GreedyIds, string GreedyText);

    static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    static (PolicyCheckpoint, Golden) Load() => (
        Llama2CFile.Load(SharedData.Require("models", "stories260K", "stories260K.bin"), SharedData.Require("models", "stories260K", "tok512.bin")),
        JsonSerializer.Deserialize<Golden>(File.ReadAllText(SharedData.Require("models", "stories260K", "golden.json")), Json)!);

    static void Check(PolicyCheckpoint policy, Golden golden)
    {
        Assert.Equal(golden.PromptIds, policy.Tokenizer.EncodeMarkup(golden.Prompt, addSpecial: true));
        using (NewDisposeScope())
        using (no_grad())
        {
            var hidden = policy.Model.Hidden(tensor([.. golden.PromptIds.Select(i => (long)i)], [1, golden.PromptIds.Length]).to(policy.Model.Device));
            var logits = policy.Model.Logits(hidden.select(1, golden.PromptIds.Length - 1)).Floats();
            var top = logits.Select((logit, id) => (logit, id)).OrderByDescending(p => p.logit).Take(10).ToList();
            Assert.Equal(golden.LastLogitsTop10.Select(p => p[0].GetInt32()), top.Select(p => p.id));
            foreach (var (expected, actual) in golden.LastLogitsTop10.Zip(top))
                Assert.Equal(expected[1].GetDouble(), actual.logit, 1e-4);
        }
        var count = golden.GreedyIds.Length - golden.PromptIds.Length;
        var continued = TextGenerator.Continue(policy.Model, golden.PromptIds, new Sampling(0, MaxTokens: count), []);
        Assert.Equal(golden.GreedyIds, golden.PromptIds.Concat(continued));
        // The reference prints a byte by its token's name, and the space before the first word.
        var text = string.Concat(TextGenerator.Continue(policy, golden.PromptIds, new Sampling(0, MaxTokens: count), []));
        Assert.Equal(golden.GreedyText.Replace("<0x0A>", "\n"), $" {golden.Prompt}{text}");
    }

    [Fact]
    public void Logits_and_text_equal_the_reference()
    {
        var (policy, golden) = Load();
        using (policy)
            Check(policy, golden);
    }

    [Fact]
    public void So_they_do_after_saving_as_a_Hugging_Face_folder()
    {
        var (policy, golden) = Load();
        var folder = Directory.CreateTempSubdirectory("rlef-llama2c-").FullName;
        using (policy)
            policy.Save(folder);
        using (var loaded = PolicyCheckpoint.Load(folder))
            Check(loaded, golden);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void Texts_that_the_vocabulary_cannot_spell_come_back_from_bytes()
    {
        var (policy, _) = Load();
        using (policy)
            foreach (var text in (string[])["Žluťoučký kůň 你好 😀", "", " ", "two  spaces", "a\n\tb\u0000", "<s> is text", "\u2028"])
            {
                Assert.Equal(text, policy.Tokenizer.Decode(policy.Tokenizer.Encode(text)));
                Assert.DoesNotContain(1, policy.Tokenizer.Encode(text));
            }
    }

    [Fact]
    public void Stop_texts_end_a_continuation_and_are_left_out()
    {
        var (policy, golden) = Load();
        using (policy)
        {
            var whole = string.Concat(TextGenerator.Continue(policy, golden.PromptIds, new Sampling(0, MaxTokens: 60), []));
            var until = whole.IndexOf("She loved", StringComparison.Ordinal);
            Assert.True(until > 0);
            Assert.Equal(whole[..until], string.Concat(TextGenerator.Continue(policy, golden.PromptIds, new Sampling(0, MaxTokens: 60), ["never", "She loved", "to play"])));
        }
    }

    [Fact]
    public void Damaged_files_are_named()
    {
        var (model, tokenizer) = (File.ReadAllBytes(SharedData.Require("models", "stories260K", "stories260K.bin")), File.ReadAllBytes(SharedData.Require("models", "stories260K", "tok512.bin")));
        var folder = Directory.CreateTempSubdirectory("rlef-llama2c-").FullName;
        var (modelPath, tokenizerPath) = (Path.Combine(folder, "m.bin"), Path.Combine(folder, "t.bin"));
        void Fails(byte[] m, byte[] t, string path)
        {
            File.WriteAllBytes(modelPath, m);
            File.WriteAllBytes(tokenizerPath, t);
            var before = GC.GetAllocatedBytesForCurrentThread();
            Assert.StartsWith(path, Assert.Throws<InvalidDataException>(() => Llama2CFile.Load(modelPath, tokenizerPath)).Message);
            Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 20_000_000);
        }
        Fails(model[..20], tokenizer, modelPath);
        Fails(model[..^4], tokenizer, modelPath);
        Fails([.. model, 0, 0, 0, 0], tokenizer, modelPath);
        Fails(model, tokenizer[..^1], tokenizerPath);
        Fails(model, [.. tokenizer, 0], tokenizerPath);
        var random = new Random(1);
        for (var round = 0; round < 200; round++)
        {
            var bad = (byte[])model.Clone();
            random.NextBytes(bad.AsSpan(random.Next(0, 7) * 4, random.Next(2, 5)));
            if (!bad.AsSpan(0, 28).SequenceEqual(model.AsSpan(0, 28)))
                Fails(bad, tokenizer, modelPath);
        }
        Directory.Delete(folder, recursive: true);
    }
}
