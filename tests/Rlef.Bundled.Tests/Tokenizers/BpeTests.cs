using System.Text.RegularExpressions;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.ML.Tokenizers;

namespace Rlef.Bundled.Tests.Tokenizers;

public sealed class BpeTests
{
    static readonly Regex Pattern = new(@"'(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+");

    // The printable bytes stand for themselves, the space is Ġ.
    static BpeTokenizer Create()
    {
        var letters = Enumerable.Range(0, 256).Select(Visible).ToList();
        string[] merges = ["l o", "lo w", "Ġ low", "e r"];
        var vocabulary = letters.Concat(merges.Select(m => m.Replace(" ", ""))).Select((t, i) => KeyValuePair.Create(t, i));
        return BpeTokenizer.Create(new BpeOptions(vocabulary) { ByteLevel = true, Merges = merges, PreTokenizer = new RegexPreTokenizer(Pattern, null) });
    }

    static string Visible(int b)
    {
        var hidden = Enumerable.Range(0, 256).Where(x => x is not (>= '!' and <= '~' or >= 0xA1 and <= 0xAC or >= 0xAE and <= 0xFF)).ToList();
        return ((char)(hidden.IndexOf(b) is var i and >= 0 ? 256 + i : b)).ToString();
    }

    [Fact]
    public void Pairs_are_merged_in_the_order_of_their_rank()
    {
        var tokenizer = Create();
        string[] Tokens(string text) => [.. tokenizer.EncodeToIds(text).Select(id => tokenizer.Decode([id])!)];
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
            var valid = System.Text.Encoding.UTF8.GetString(System.Text.Encoding.UTF8.GetBytes(text.Get));
            return tokenizer.Decode(tokenizer.EncodeToIds(valid)) == valid;
        }));
    }
}
