using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Rlef.Policy;

namespace Rlef.Core.Tests.Policy;

/// <summary>Character tokenizers beside the plainest way to apply merges: over the whole text, the first of the earliest merge, again and again.</summary>
public sealed class CharacterBpeTests
{
    sealed record Vocabulary(Dictionary<string, int> Ids, List<string> Merges)
    {
        public List<int> Encode(string text)
        {
            var tokens = text.EnumerateRunes().Select(r => r.ToString()).SelectMany(c => Ids.ContainsKey(c) ? [c] : Encoding.UTF8.GetBytes(c).Select(b => $"<0x{b:X2}>")).ToList();
            while (true)
            {
                var (rank, at) = (int.MaxValue, -1);
                for (var i = 0; i + 1 < tokens.Count; i++)
                    if (Merges.IndexOf($"{tokens[i]} {tokens[i + 1]}") is >= 0 and var found && found < rank)
                        (rank, at) = (found, i);
                if (at < 0)
                    return [.. tokens.Select(t => Ids[t])];
                tokens[at] += tokens[at + 1];
                tokens.RemoveAt(at + 1);
            }
        }
    }

    static readonly Gen<Vocabulary> Vocabularies = Gen.Choose(0, int.MaxValue).Select(seed =>
    {
        var random = new Random(seed);
        List<string> tokens = [.. Enumerable.Range(0, 256).Select(b => $"<0x{b:X2}>"), "a", "b", "\u2581", "😀"], merges = [];
        for (var n = random.Next(25); n > 0; n--)
        {
            var (left, right) = (tokens[random.Next(256, tokens.Count)], tokens[random.Next(256, tokens.Count)]);
            if (left.Length + right.Length > 8 || merges.Contains($"{left} {right}"))
                continue;
            if (!tokens.Contains(left + right))
                tokens.Add(left + right);
            merges.Add($"{left} {right}");
        }
        return new Vocabulary(tokens.Select((t, i) => (t, i)).ToDictionary(p => p.t, p => p.i), merges);
    });

    [Fact]
    public void Ids_equal_those_of_merging_the_whole_text()
    {
        var texts = Gen.Elements("a", "b", "\u2581", "😀", "c", "é").ListOf().Select(string.Concat);
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(1000), Prop.ForAll(Gen.Zip(Vocabularies, texts).ToArbitrary(), pair =>
        {
            var (vocabulary, text) = pair;
            return Ids(CharacterBpe.Encoder(vocabulary.Ids, vocabulary.Merges, true, null, false), text).SequenceEqual(vocabulary.Encode(text));
        }));
    }

    [Theory]
    [InlineData(false, 9, new[] { 0, 9, 9, 0, 9 })]
    [InlineData(true, 9, new[] { 0, 9, 0, 9 })]
    [InlineData(true, null, new[] { 0, 0 })]
    public void Without_bytes_the_unknown_token_stands_for_characters_that_have_none(bool fuse, int? unknown, int[] expected) =>
        Assert.Equal(expected, Ids(CharacterBpe.Encoder(new Dictionary<string, int> { ["a"] = 0 }, [], false, unknown, fuse), "axyay"));

    [Fact]
    public void A_vocabulary_without_all_bytes_is_refused()
    {
        var bytes = Enumerable.Range(0, 255).ToDictionary(b => $"<0x{b:X2}>", b => b);
        Assert.Contains("<0xFF>", Assert.Throws<InvalidDataException>(() => CharacterBpe.Encoder(bytes, [], true, null, false)).Message);
    }

    [Fact]
    public void A_long_text_without_a_place_to_cut_is_one_word()
    {
        var encoder = CharacterBpe.Encoder(new Dictionary<string, int> { ["a"] = 0, ["aa"] = 1 }, ["a a"], false, null, false);
        Assert.Equal(Enumerable.Repeat(1, 50_000), Ids(encoder, new string('a', 100_000)));
    }

    [Fact]
    public async Task Threads_share_a_tokenizer()
    {
        var tokenizer = TokenizerFile.Load(References.Path("tokenizers", "llama2.json"));
        string[] texts = [.. Enumerable.Range(0, 2000).Select(i => $"hello world {i * 7919 % 1000} ab{i}")];
        var alone = texts.Select(t => string.Join(' ', tokenizer.Encode(t))).ToArray();
        var fresh = TokenizerFile.Load(References.Path("tokenizers", "llama2.json"));
        var together = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => texts.Select(t => string.Join(' ', fresh.Encode(t))).ToArray())));
        Assert.All(together, ids => Assert.Equal(alone, ids));
    }

    static List<int> Ids(TextEncoder encoder, string text)
    {
        List<int> ids = [];
        encoder.Encode(text, ids);
        return ids;
    }
}
