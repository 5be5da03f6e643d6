using FsCheck;
using FsCheck.Fluent;
using Rlef.Dialogue;
using Rlef.Experiments;
using Rlef.Policy;

namespace Rlef.Core.Tests.Policy.Tokenization;

public sealed class TokenSpansTests
{
    static readonly string[] Pieces = ["x = 1\n", "é", "🙂", "    return", "\t", "日本", "\r\n", "1234", "e\u0301", "🏳️‍🌈", " ", "\uFFFD"];

    static void Hold(PolicyTokenizer tokenizer)
    {
        var texts = Gen.Select(Gen.ListOf(Gen.Elements(Pieces)), pieces => string.Concat(pieces));
        Prop.ForAll(Arb.From(texts), text =>
        {
            var ids = tokenizer.Encode(text);
            var (spans, whole) = (tokenizer.Spans(ids), tokenizer.Decode(ids));
            // Wherever a prefix decodes to whole characters, that is where its last token ends.
            for (var i = 0; i < ids.Length; i++)
                if (tokenizer.Decode(ids[..(i + 1)]) is var prefix && whole.StartsWith(prefix, StringComparison.Ordinal) && !prefix.EndsWith('\uFFFD'))
                    Assert.Equal(prefix.Length, spans[i].End);
            for (var i = 1; i < ids.Length; i++)
                Assert.True(spans[i].Start <= spans[i - 1].End && spans[i].Start >= spans[i - 1].Start, text);
            Assert.Equal(whole.Length, ids.Length == 0 ? 0 : spans[^1].End);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));
    }

    [Fact]
    public void Tokens_of_a_byte_each_share_their_characters()
    {
        var tokenizer = Tokenizers.Bytes();
        Hold(tokenizer);
        Assert.Equal([(0, 1), (1, 2), (1, 2), (2, 3)], tokenizer.Spans(tokenizer.Encode("aéb")));
        Assert.All(tokenizer.Spans(tokenizer.Encode("🙂")), span => Assert.True(span.Start < 2 && span.End > 0));
    }

    [Theory]
    [InlineData("qwen3")]
    [InlineData("llama3_1")]
    [InlineData("gpt2")]
    public void Tokens_of_public_tokenizers_lie_end_to_end(string name) => Hold(TokenizerFile.Load(SharedData.Require("tokenizers", name, "tokenizer.json")));

    [Fact]
    public void Tokens_of_the_nano_world_lie_end_to_end() => Hold(ChatFormat.Load(Home.File("data", "nano", "base")).Tokenizer);

    [Fact]
    public void Left_out_tokens_are_empty()
    {
        var tokenizer = Tokenizers.Bytes();
        int[] ids = [.. tokenizer.Encode("ab"), tokenizer.Special(PlainChat.SpecialTokens[0])];
        Assert.Equal([(0, 1), (1, 2), (2, 2)], tokenizer.Spans(ids));
    }
}
