using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Rlef.Experiments;
using Rlef.Policy;
using Oracle = Tokenizers.DotNet.Tokenizer;

namespace Rlef.Core.Tests.Policy;

/// <summary>Random texts and random ids, each beside Hugging Face's own library.</summary>
public sealed class TokenizerOracleTests
{
    static readonly Config Runs = Config.QuickThrowOnFailure.WithMaxTest(400);

    // What tokens are made of, what merges tie at, spaces of all kinds, characters of every length in UTF-8, and names of tokens.
    static readonly string[] Bits = ["hello", " hello", "hell", " world", "wor", "ab", "abab", "aba", "ba", "a", "b", " ", "  ", "   ", "     ", "\n", "\r\n", "\n\n ", "\t", "1", "123", "4567", "12 12",
        "'s", "'LL", "ing", "é", "e\u0301", "\u212b", "!", ".", "...", " (", "_x", "-", "你好", "ß", "😀", "😀a", "𝟘", "\u0301", "\u00a0", "\u2028", "\u0000", "\uFFFD", "<s>", "</s>", "<mask>", " <right> ",
        "<end>", "<|end|>", "<|endoftext|>", "<0x0A>", "▁", "▁h", "def f(x):\n    return x", "Ünïcödé", "שלום", "हिन्दी", "\u200d"];

    static Arbitrary<string> Texts => Gen.OneOf(Gen.Elements(Bits).ListOf().Select(string.Concat),
        ArbMap.Default.ArbFor<NonNull<string>>().Generator.Select(t => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(t.Get)))).ToArbitrary();

    public static TheoryData<string> Small => TokenizerFileTests.Names;

    [Theory, MemberData(nameof(Small))]
    public void Small_tokenizers_agree_on_every_text_and_every_ids(string name) => Agree(References.Path("tokenizers", name + ".json"));

    [Fact]
    public void The_shipped_tokenizer_agrees() => Agree(Home.File("data", "nano", "base", "tokenizer.json"));

    [Theory]
    [InlineData("gpt2")]
    [InlineData("llama3_1")]
    [InlineData("qwen3")]
    public void Real_vocabularies_agree(string name) => Agree(SharedData.Require("tokenizers", name, "tokenizer.json"));

    [Fact]
    public void A_tokenizer_of_llama2_c_agrees()
    {
        var file = Path.GetTempFileName();
        using (var policy = Llama2CFile.Load(SharedData.Require("models", "stories260K", "stories260K.bin"), SharedData.Require("models", "stories260K", "tok512.bin")))
            File.WriteAllText(file, policy.TokenizerJson);
        Agree(file);
        File.Delete(file);
    }

    static void Agree(string file)
    {
        var tokenizer = TokenizerFile.Load(file);
        using var oracle = new Oracle(file);
        Check.One(Runs, Prop.ForAll(Texts, text =>
            oracle.Encode(text).Select(id => (int)id).SequenceEqual(tokenizer.EncodeMarkup(text, addSpecial: true))));
        var ids = Gen.Choose(0, tokenizer.VocabularySize - 1).ListOf().Select(list => list.ToArray()).ToArbitrary();
        Check.One(Runs, Prop.ForAll(ids, some => oracle.Decode([.. some.Select(id => (uint)id)]) == tokenizer.Decode(some)));
    }
}
