using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Rlef.Dialogue;
using Rlef.Experiments;
using Rlef.Policy;

namespace Rlef.Core.Tests.Policy.Tokenization;

public sealed class TokenSpansTests
{
    static readonly string[] Pieces = ["x = 1\n", "é", "🙂", "    return", "\t", "日本", "\r\n", "1234", "e\u0301", "🏳️‍🌈", " ", "\uFFFD"];

    // Texts, and what a policy may draw: ids in any order, whose bytes need not be characters.
    static void Hold(PolicyTokenizer tokenizer)
    {
        var texts = Gen.Select(Gen.ListOf(Gen.Elements(Pieces)), pieces => tokenizer.Encode(string.Concat(pieces)));
        var bytes = Enumerable.Range(0, tokenizer.VocabularySize).Where(id => tokenizer.Decode([id]) is "\uFFFD").ToArray();
        var any = Gen.Choose(0, tokenizer.VocabularySize - 1);
        var drawn = Gen.ListOf(bytes.Length > 0 ? Gen.OneOf(any, Gen.Elements(bytes)) : any).Select(list => list.ToArray());
        Prop.ForAll(Gen.OneOf(texts, drawn, texts.SelectMany(t => drawn.SelectMany(d => texts.Select(u => (int[])[.. t, .. d, .. u])))).ToArbitrary(), ids =>
        {
            var (spans, whole) = (tokenizer.Spans(ids), tokenizer.Decode(ids));
            // Wherever a prefix decodes to whole characters, that is where its last token ends.
            for (var i = 0; i < ids.Length; i++)
                if (tokenizer.Decode(ids[..(i + 1)]) is { Length: > 0 } prefix && whole.StartsWith(prefix, StringComparison.Ordinal) && !prefix.EndsWith('\uFFFD'))
                    Assert.Equal(prefix.Length, spans[i].End);
            var written = spans.Where(s => s.Start < s.End).ToList();
            foreach (var (one, next) in written.Zip(written.Skip(1)))
                Assert.True(next.Start <= one.End && next.Start >= one.Start && next.End >= one.End, whole);
            Assert.Equal(whole.Length, ids.Length == 0 ? 0 : spans[^1].End);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(100));
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
    public void Tokens_of_gpt2_are_the_pieces_that_another_reader_recorded()
    {
        var tokenizer = TokenizerFile.Load(SharedData.Require("tokenizers", "gpt2", "tokenizer.json"));
        using var rows = JsonDocument.Parse(File.ReadAllText(SharedData.Require("goldens", "rltf.json")));
        var cut = rows.RootElement.GetProperty("cases").EnumerateArray().Select(r => r.GetProperty("inputs")).Where(i => i.TryGetProperty("token_pieces", out _))
            .Select(i => i.GetProperty("token_pieces").EnumerateArray().Select(p => p.GetString()!).ToArray()).ToList();
        Assert.NotEmpty(cut);
        foreach (var pieces in cut)
        {
            var text = string.Concat(pieces);
            Assert.Equal(pieces, tokenizer.Spans(tokenizer.Encode(text)).Select(s => text[s.Start..s.End]));
        }
    }

    [Fact]
    public void Tokens_of_the_nano_world_lie_end_to_end() => Hold(ChatFormat.Load(Home.File("data", "nano", "base")).Tokenizer);

    [Theory, MemberData(nameof(TokenizerFileTests.Names), MemberType = typeof(TokenizerFileTests))]
    public void Tokens_of_small_tokenizers_lie_end_to_end(string name) => Hold(TokenizerFile.Load(References.Path("tokenizers", name + ".json")));

    [Fact]
    public void Bytes_that_are_no_character_shift_nothing_behind_them()
    {
        var tokenizer = TokenizerFile.Load(References.Path("tokenizers", "llama2.json"));
        var e = tokenizer.Encode("a\u0416")[^2..];
        int[] ids = [.. tokenizer.Encode("x"), .. e, .. e, e[0], .. tokenizer.Encode("y=1")[1..]];
        var whole = tokenizer.Decode(ids);
        Assert.Equal("x\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD", whole[..6]);
        Assert.Equal(whole[6..], string.Concat(tokenizer.Spans(ids)[(tokenizer.Encode("x").Length + 5)..].Select(s => whole[s.Start..s.End])));
    }

    [Fact]
    public void Left_out_tokens_are_empty()
    {
        var tokenizer = Tokenizers.Bytes();
        int[] ids = [.. tokenizer.Encode("ab"), tokenizer.Special(PlainChat.SpecialTokens[0])];
        Assert.Equal([(0, 1), (1, 2), (2, 2)], tokenizer.Spans(ids));
    }
}
