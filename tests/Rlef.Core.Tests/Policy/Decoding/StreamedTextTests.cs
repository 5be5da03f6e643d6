using Rlef.Experiments;
using Rlef.Policy;
using Rlef.Randomness;

namespace Rlef.Core.Tests.Policy;

public sealed class StreamedTextTests
{
    static readonly string[] Texts = ["for i in range(10):\n    print(i)\n", "naïve café — “quotes” 日本語 🙂🙂 end", " leading and trailing ", "🙂", "a\t\tb\r\n", "print print print"];

    public static TheoryData<string> Folders
    {
        get
        {
            var data = new TheoryData<string> { Home.File("data", "nano", "base", "tokenizer.json") };
            foreach (var file in Directory.EnumerateFiles(Home.File("tests", "Rlef.Core.Tests", "Policy", "Reference", "tokenizers"), "*.json").Where(f => File.ReadAllText(f).Contains("\"model\"")))
                data.Add(file);
            return data;
        }
    }

    [Theory, MemberData(nameof(Folders))]
    public void Pieces_are_the_text_whatever_comes_before(string file)
    {
        var tokenizer = TokenizerFile.Load(file);
        foreach (var text in Texts)
            foreach (var before in (string[])["", "x = 1 + ", .. Texts])
            {
                int[] context = tokenizer.Encode(before), ids = tokenizer.Encode(text);
                var streamed = new StreamedText(tokenizer, context, []);
                var pieces = ids.Select(streamed.Add).ToList();
                pieces.Add(streamed.Finish());
                Assert.Equal(tokenizer.Decode([.. context, .. ids])[tokenizer.Decode(context).Length..], string.Concat(pieces));
                Assert.DoesNotContain(pieces, p => p.Contains('\uFFFD'));
            }
    }

    [Theory, MemberData(nameof(Folders))]
    public void What_each_token_adds_makes_the_text(string file)
    {
        var tokenizer = TokenizerFile.Load(file);
        foreach (var text in Texts)
            foreach (var before in (string[])["", "x = 1 + ", .. Texts])
            {
                int[] context = tokenizer.Encode(before), ids = tokenizer.Encode(text);
                var streamed = new StreamedText(tokenizer, context, []);
                List<string> added = [];
                foreach (var id in ids)
                {
                    var alone = streamed.Next(id);
                    streamed.Add(id);
                    added.AddRange(streamed.Added);
                    // A token that waits for nothing adds what it would have added.
                    if (streamed.Added is [var only])
                        Assert.Equal(alone, only);
                }
                streamed.Finish();
                added.AddRange(streamed.Added);
                Assert.Equal(ids.Length, added.Count);
                Assert.Equal(tokenizer.Decode([.. context, .. ids])[tokenizer.Decode(context).Length..], string.Concat(added));
            }
    }

    [Fact]
    public void Halves_of_a_character_add_it_with_the_last()
    {
        var tokenizer = Tokenizers.Bytes();
        var streamed = new StreamedText(tokenizer, [], []);
        List<string> added = [];
        foreach (var id in tokenizer.Encode("aé"))
        {
            streamed.Add(id);
            added.AddRange(streamed.Added);
        }
        Assert.Equal(["a", "", "é"], added);
        Assert.Equal("b", streamed.Next(tokenizer.Encode("b")[0]));
    }

    [Fact]
    public void A_stop_text_ends_it_wherever_tokens_cut_it()
    {
        var tokenizer = Tokenizers.Bytes();
        foreach (var (text, stops, expected) in new (string, string[], string)[]
        {
            ("one two three", ["two"], "one "), ("one two three", ["three", "two"], "one "), ("aab", ["ab"], "a"), ("abab", ["abc"], "abab"), ("ab", ["b", "ab"], ""),
            ("日本語", ["本"], "日"), ("end", ["d"], "en"), ("no stop", [], "no stop"),
        })
        {
            var streamed = new StreamedText(tokenizer, [], stops);
            var said = string.Concat(tokenizer.Encode(text).Select(streamed.Add)) + streamed.Finish();
            Assert.Equal((expected, stops.Any(text.Contains)), (said, streamed.Stopped));
        }
    }

    [Fact]
    public void Half_a_character_comes_at_the_end()
    {
        var tokenizer = Tokenizers.Bytes();
        var ids = tokenizer.Encode("a🙂");
        var streamed = new StreamedText(tokenizer, [], []);
        Assert.Equal(["a", "", "", ""], ids[..^1].Select(streamed.Add));
        Assert.Equal(tokenizer.Decode(ids[..^1])[1..], streamed.Finish());
    }

    [Fact]
    public void Whatever_is_drawn_the_pieces_are_the_text()
    {
        var tokenizer = TokenizerFile.Load(Home.File("data", "nano", "base", "tokenizer.json"));
        for (var seed = 0; seed < 50; seed++)
        {
            var random = RandomStream.For(9, seed);
            var streamed = new StreamedText(tokenizer, [], []);
            int[] ids = [.. Enumerable.Range(0, 100).Select(_ => random.NextInt(tokenizer.VocabularySize))];
            Assert.Equal(tokenizer.Decode(ids), string.Concat(ids.Select(streamed.Add)) + streamed.Finish());
        }
    }
}
