using LLama.Native;
using Rlef.Policy;
using static TorchSharp.torch;

namespace Rlef.Core.Tests.Policy;

/// <summary>What is written here runs in llama.cpp, and what llama.cpp quantizes is read here.</summary>
public sealed class LlamaCppTests : IDisposable
{
    const int Continued = 48;

    readonly string folder = Directory.CreateTempSubdirectory("rlef-gguf-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    string At(string name) => Path.Combine(folder, name);

    public static TheoryData<string> Families => [.. TinyPolicies.Families, "llama with biases", "linear", "llama3", "yarn"];

    static ModelConfig Config(string name)
    {
        var config = TinyPolicies.Config(TinyPolicies.Families.FirstOrDefault(name.StartsWith, "llama")) with { MaxPositionEmbeddings = 512 };
        return name switch
        {
            "llama with biases" => config with { AttentionBias = true, MlpBias = true },
            "linear" => config with { RopeScaling = new() { RopeType = "linear", Factor = 4 } },
            "llama3" => TinyPolicies.Config("llama") with
            {
                RopeTheta = 500000,
                HeadDim = 64,
                RopeScaling = new() { RopeType = "llama3", Factor = 8, LowFreqFactor = 1, HighFreqFactor = 4, OriginalMaxPositionEmbeddings = 8192 },
            },
            "yarn" => config with { RopeScaling = new() { RopeType = "yarn", Factor = 4, OriginalMaxPositionEmbeddings = 128, AttentionFactor = 0.1 * Math.Log(4) + 1 } },
            _ => config,
        };
    }

    [Theory, MemberData(nameof(Families))]
    public void A_written_model_computes_the_same_there(string name)
    {
        LlamaCpp.Require();
        using var policy = TinyPolicies.Create(Config(name));
        GgufPolicy.Save(policy, At("m.gguf"), StoredType.F32);
        using var theirs = new LlamaCpp(At("m.gguf"));
        const string text = "<|user|>the policy reads  what 12 tests say\n\n  def é():<|end|>";
        var ids = policy.Tokenizer.EncodeMarkup(text);
        Assert.Equal(ids, theirs.Tokenize(text));
        int[] longer = [.. Enumerable.Repeat(ids, 3).SelectMany(i => i)];
        var expected = theirs.Logits(longer);
        var actual = PublicModel.LogitsOf(policy.Model, longer, Enumerable.Range(0, longer.Length));
        var largest = expected.Max(row => row.Max(Math.Abs));
        // Its gelu goes through a table of 16 bits.
        var tolerance = name == "gpt2" ? 2e-3 : 1e-4;
        foreach (var (want, have) in expected.Zip(actual))
            Assert.True(want.Zip(have).Max(p => Math.Abs(p.First - p.Second)) <= tolerance * largest, $"{want.Zip(have).Max(p => Math.Abs(p.First - p.Second)) / largest}");
    }

    public static TheoryData<LLamaFtype> Types =>
    [
        LLamaFtype.MOSTLY_Q8_0, LLamaFtype.MOSTLY_Q4_0, LLamaFtype.MOSTLY_Q4_1, LLamaFtype.MOSTLY_Q5_0, LLamaFtype.MOSTLY_Q5_1, LLamaFtype.MOSTLY_Q2_K, LLamaFtype.MOSTLY_Q3_K_M,
        LLamaFtype.MOSTLY_Q4_K_M, LLamaFtype.MOSTLY_Q5_K_M, LLamaFtype.MOSTLY_Q6_K, LLamaFtype.MOSTLY_IQ4_NL, LLamaFtype.MOSTLY_IQ4_XS,
    ];

    // llama.cpp turns its own file into 32 bits, element by element.
    [Theory, MemberData(nameof(Types))]
    public void What_its_quantizer_makes_of_a_written_model_is_read_as_it_reads_it(LLamaFtype type)
    {
        LlamaCpp.Require();
        using (var policy = TinyPolicies.Create(TinyPolicies.Config("llama") with { HiddenSize = 256, IntermediateSize = 512, HeadDim = 64 }))
            GgufPolicy.Save(policy, At("m.gguf"), StoredType.F16);
        LlamaCpp.Quantize(At("m.gguf"), At("q.gguf"), type);
        LlamaCpp.Quantize(At("q.gguf"), At("f.gguf"), LLamaFtype.ALL_F32);
        AssertSameWeights(At("f.gguf"), At("q.gguf"));
    }

    static void AssertSameWeights(string expected, string actual)
    {
        using var want = PolicyCheckpoint.Load(expected, CPU);
        using var have = PolicyCheckpoint.Load(actual, CPU);
        foreach (var (name, parameter) in want.Model.Parameters)
        {
            var largest = parameter.abs().max().item<float>();
            Assert.True((parameter - have.Model.Parameters[name]).abs().max().item<float>() <= 1e-6 * largest, name);
        }
    }

    [Fact]
    public void A_public_model_that_was_read_and_written_gives_the_same_text_there()
    {
        LlamaCpp.Require();
        PolicyConversion.Run(PublicModel.Path, At("m.gguf"), StoredType.F32);
        using var theirs = new LlamaCpp(At("m.gguf"));
        foreach (var golden in PublicModel.Tokenization)
            Assert.Equal(golden.Ids, theirs.Tokenize(golden.Text, addSpecial: true));
        foreach (var prompt in PublicModel.Prompts)
        {
            var logits = theirs.Logits(prompt.Ids);
            PublicModel.AssertLogits(prompt, [.. prompt.Logits.Select(l => logits[l.Position])], 1e-3);
            Assert.Equal(prompt.Greedy.Ids.TakeWhile(id => id != 2).Take(Continued), theirs.Continue(prompt.Ids, Continued, 2));
        }
    }

    [Fact]
    public void A_public_model_in_16_bits_is_quantized_there_and_read_here()
    {
        LlamaCpp.Require();
        PolicyConversion.Run(PublicModel.Path, At("m.gguf"), StoredType.F16);
        LlamaCpp.Quantize(At("m.gguf"), At("q.gguf"), LLamaFtype.MOSTLY_Q4_K_M);
        using (var file = new GgufFile(At("q.gguf")))
            Assert.Superset(new HashSet<string> { "Q4_K", "Q6_K", "Q5_0", "Q8_0" }, file.Entries.Values.Select(e => e.Type.Name).ToHashSet());
        LlamaCpp.Quantize(At("q.gguf"), At("f.gguf"), LLamaFtype.ALL_F32);
        AssertSameWeights(At("f.gguf"), At("q.gguf"));
    }

    [Fact]
    public void Scored_pieces_are_joined_the_same_way_there()
    {
        LlamaCpp.Require();
        using var policy = Llama2CFile.Load(SharedData.Require("models", "stories260K", "stories260K.bin"), SharedData.Require("models", "stories260K", "tok512.bin"));
        GgufPolicy.Save(policy, At("m.gguf"), StoredType.F32);
        using var theirs = new LlamaCpp(At("m.gguf"));
        foreach (var text in (string[])["Once upon a time, there was a dog.", " ", "two  spaces", "a\n\tb", "Žluťoučký kůň 你好 😀", "She said: \"Hello!\""])
            Assert.Equal(policy.Tokenizer.EncodeMarkup(text, addSpecial: true), theirs.Tokenize(text, addSpecial: true));
        var prompt = policy.Tokenizer.EncodeMarkup("Once upon a time", addSpecial: true);
        Assert.Equal(TextGenerator.Continue(policy.Model, prompt, new Sampling(0, MaxTokens: 100), [2]), theirs.Continue(prompt, 100, 2));
    }
}
