using System.Text;
using System.Text.RegularExpressions;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.ML.Tokenizers;

namespace Rlef.Bundled.Tests.Tokenizers;

public sealed class BpeTests
{
    static readonly Regex Pattern = new(@"'(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+");

    sealed class Pieces : PreTokenizer
    {
        public override IEnumerable<(int Offset, int Length)> PreTokenize(string text) => Pattern.Matches(text).Select(m => (m.Index, m.Length));
        public override IEnumerable<(int Offset, int Length)> PreTokenize(ReadOnlySpan<char> text) => PreTokenize(text.ToString());
    }

    // The printable bytes stand for themselves, the space is Ġ.
    static BpeTokenizer Create(params string[] merges)
    {
        var letters = Enumerable.Range(0, 256).Select(Visible).ToList();
        var vocabulary = letters.Concat(merges.Select(m => m.Replace(" ", ""))).Distinct().Select((t, i) => KeyValuePair.Create(t, i));
        return BpeTokenizer.Create(new BpeOptions(vocabulary) { ByteLevel = true, Merges = merges, PreTokenizer = new Pieces() });
    }

    static BpeTokenizer Create() => Create("l o", "lo w", "Ġ low", "e r");

    static string Visible(int b)
    {
        var hidden = Enumerable.Range(0, 256).Where(x => x is not (>= '!' and <= '~' or >= 0xA1 and <= 0xAC or >= 0xAE and <= 0xFF)).ToList();
        return ((char)(hidden.IndexOf(b) is var i and >= 0 ? 256 + i : b)).ToString();
    }

    [Fact]
    public void Pairs_are_merged_in_the_order_of_their_rank()
    {
        var tokenizer = Create();
        string[] Tokens(string text) => [.. tokenizer.EncodeToIds(text).Select(id => tokenizer.Decode([id]))];
        Assert.Equal(["low", "er"], Tokens("lower"));
        Assert.Equal([" low", "er"], Tokens(" lower"));
        Assert.Equal(["lo", "low"], Tokens("lolow"));
        Assert.Equal(["low", " low"], Tokens("low low"));
    }

    [Fact]
    public void Every_text_comes_back()
    {
        var tokenizer = Create();
        Check.QuickThrowOnFailure(Prop.ForAll<NonNull<string>>(text =>
        {
            var valid = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text.Get));
            return tokenizer.Decode(tokenizer.EncodeToIds(valid)) == valid;
        }));
    }

    // Long pieces take another way than short ones.
    [Fact]
    public void Pieces_of_any_length_are_merged_as_by_the_definition()
    {
        string[] merges = ["a b", "b a", "a a", "ab ab", "aa ba", "b b", "abab a", "bb bb", "ba b", "aa aa", "c ab", "ab c"];
        var tokenizer = Create(merges);
        var random = new Random(4);
        for (var round = 0; round < 150; round++)
        {
            var text = new string([.. Enumerable.Range(0, random.Next(1, 300)).Select(_ => "abc"[random.Next(random.Next(2, 4))])]);
            Assert.Equal(ByDefinition(text, merges), tokenizer.EncodeToIds(text).Select(id => tokenizer.Decode([id])));
        }
    }

    static List<string> ByDefinition(string text, string[] merges)
    {
        var parts = text.Select(c => c.ToString()).ToList();
        while (true)
        {
            var found = merges.Select(m => m.Split(' ')).Select(m => (Pair: m, At: Enumerable.Range(0, parts.Count - 1).Cast<int?>()
                .FirstOrDefault(i => parts[i!.Value] == m[0] && parts[i.Value + 1] == m[1]))).FirstOrDefault(f => f.At is not null);
            if (found.At is not { } at)
                return parts;
            parts[at] += parts[at + 1];
            parts.RemoveAt(at + 1);
        }
    }

    [Fact]
    public void Encoding_a_known_text_again_allocates_little_more_than_its_ids()
    {
        var tokenizer = Create();
        tokenizer.EncodeToIds("lower");
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
            tokenizer.EncodeToIds("lower", considerPreTokenization: false);
        Assert.True((GC.GetAllocatedBytesForCurrentThread() - before) / 1000 < 120, "a list of a few ids, and no more");
    }

    [Fact]
    public void Special_pieces_are_one_token()
    {
        var letters = Enumerable.Range(0, 256).Select(Visible).Select((t, i) => KeyValuePair.Create(t, i));
        var tokenizer = BpeTokenizer.Create(new BpeOptions(letters) { ByteLevel = true, PreTokenizer = new Pieces(), SpecialTokens = new Dictionary<string, int> { [" é"] = 300 } });
        Assert.Equal([300], tokenizer.EncodeToIds(" é"));
        Assert.Equal(" éa", tokenizer.Decode([300, 'a']));
    }
}
