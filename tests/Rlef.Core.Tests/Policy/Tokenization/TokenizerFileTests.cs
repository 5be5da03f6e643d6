using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using Rlef.Policy;

namespace Rlef.Core.Tests.Policy;

/// <summary>Small tokenizers, one feature after another, against Hugging Face's library; Reference/make_tokenizers.js made the values.</summary>
public sealed class TokenizerFileTests
{
    sealed record Case(string Text, int[] Ids, int[] IdsWithSpecial, int[] Decode, string Decoded, string DecodedSkipSpecial);

    static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };
    static readonly string Folder = References.Path("tokenizers");

    public static TheoryData<string> Names => [.. Directory.GetFiles(Folder, "*.golden.json").Select(f => Path.GetFileName(f).Replace(".golden.json", "")).Order()];

    static PolicyTokenizer Load(string name) => TokenizerFile.Load(Path.Combine(Folder, name + ".json"));

    [Theory, MemberData(nameof(Names))]
    public void Texts_are_encoded_and_decoded_as_by_the_reference(string name)
    {
        var tokenizer = Load(name);
        var cases = JsonSerializer.Deserialize<Case[]>(File.ReadAllText(Path.Combine(Folder, name + ".golden.json")), Json)!;
        Assert.Equal(150, cases.Length);
        foreach (var item in cases)
        {
            Assert.Equal(item.Ids, tokenizer.EncodeMarkup(item.Text));
            Assert.Equal(item.IdsWithSpecial, tokenizer.EncodeMarkup(item.Text, addSpecial: true));
            Assert.Equal(item.Decoded, tokenizer.Decode(item.Decode, keepSpecial: true));
            Assert.Equal(item.DecodedSkipSpecial, tokenizer.Decode(item.Decode));
        }
    }

    // Text, and whether the token of whole words "ab" is found between its spaces.
    [Theory]
    [InlineData("  ab ", true)]
    [InlineData("  ab-", true)]
    [InlineData("  ab\U0001F600", true)]
    [InlineData("  abc", false)]
    [InlineData("  ab\U00011697", false)]
    [InlineData("  ab\u24B6", false)]
    [InlineData("  ab\u2167", false)]
    [InlineData("  ab\u200D", false)]
    [InlineData("  \U0001D400ab", false)]
    public void Tokens_of_whole_words_touch_no_word_character(string text, bool found)
    {
        var tokenizer = Load("added-tokens");
        // Cut out of the text, the token leaves two spaces together, which have an id of their own.
        Assert.Equal(found, tokenizer.EncodeMarkup(text)[0] == tokenizer.EncodeMarkup("  ")[0]);
    }

    [Theory]
    [InlineData("whole-words")]
    [InlineData("llama2")]
    [InlineData("metaspace-first")]
    public void Every_text_comes_back_and_forges_no_special_token(string name)
    {
        var tokenizer = Load(name);
        var special = name == "whole-words" ? tokenizer.Special("<end>") : tokenizer.Special("<s>");
        Check.QuickThrowOnFailure(Prop.ForAll<NonNull<string>>(text =>
        {
            var valid = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text.Get)).Replace('\u2581', '_') + "<s><end>";
            var ids = tokenizer.Encode(valid);
            // A prefix space that was not put there is lost, as in the reference.
            return !ids.Contains(special) && (tokenizer.Decode(ids) == valid || name.StartsWith("meta", StringComparison.Ordinal) && valid == " " + tokenizer.Decode(ids));
        }));
    }

    [Theory]
    [InlineData("gpt2")]
    [InlineData("llama3_1")]
    public void Texts_come_back_from_real_vocabularies(string name)
    {
        var tokenizer = TokenizerFile.Load(SharedData.Require("tokenizers", name, "tokenizer.json"));
        Check.QuickThrowOnFailure(Prop.ForAll<NonNull<string>>(text =>
        {
            var valid = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text.Get));
            return tokenizer.Decode(tokenizer.Encode(valid)) == valid && tokenizer.Decode(tokenizer.EncodeMarkup(valid, true), true).EndsWith(valid, StringComparison.Ordinal);
        }));
    }

    [Theory]
    [InlineData("""{"model":{"type":"Unigram","vocab":[]}}""", "Unigram")]
    [InlineData("""{"model":{"type":"BPE","vocab":{"a":0}}}""", "model.merges is missing")]
    [InlineData("""{"model":null}""", "model is missing")]
    [InlineData("""{"model":{"vocab":["a"],"merges":[]}}""", "model.vocab must be an object, not array")]
    [InlineData("""{"model":{"vocab":{},"merges":[]},"added_tokens":[{"id":0,"content":"<s>"},{"id":1,"content":"<s>"}]}""", "added_tokens[1].content: '<s>' is listed twice")]
    [InlineData("""{"model":{"vocab":{"a":0},"merges":[]},"added_tokens":[{"id":0,"content":"<s>"}]}""", "added_tokens[0].id: 0 is that of 'a' in model.vocab")]
    [InlineData("""{"model":{"vocab":{"a":0},"merges":[],"unk_token":"<unk>"}}""", "model.unk_token: '<unk>' is no token")]
    [InlineData("""{"model":{"vocab":{},"merges":[]},"added_tokens":[{"id":0,"content":"<s>"},{"id":0,"content":"<t>"}]}""", "added_tokens[1].id: 0 is listed twice")]
    [InlineData("""{"model":{"vocab":{},"merges":[]},"added_tokens":[{"id":0,"content":null}]}""", "added_tokens[0].content is missing")]
    [InlineData("""{"model":{"vocab":{},"merges":[]},"added_tokens":[{"content":"<s>"}]}""", "added_tokens[0].id is missing")]
    [InlineData("""{"model":{"vocab":{},"merges":[]},"added_tokens":["x"]}""", "added_tokens[0] must be an object, not x")]
    [InlineData("""{"model":{"vocab":{},"merges":[]},"added_tokens":[{"id":0,"content":"\ud800"}]}""", "added_tokens[0].content must be a text of whole characters")]
    [InlineData("""{"model":{"vocab":{},"merges":[]},"normalizer":{"type":"Prepend"}}""", "normalizer.prepend is missing")]
    [InlineData("""{"model":{"vocab":{},"merges":[]},"pre_tokenizer":"x"}""", "pre_tokenizer must be an object, not x")]
    [InlineData("""{"model":{"vocab":{},"merges":[]},"post_processor":{"type":"Sequence","processors":{}}}""", "post_processor.processors must be a list, not object")]
    [InlineData("""{"model":{"vocab":{},"merges":[]},"post_processor":{"type":"TemplateProcessing","single":[{"SpecialToken":{"id":"z"}}],"special_tokens":{}}}""", "post_processor.special_tokens.z is missing")]
    [InlineData("""{"model":{"vocab":{"a":-1},"merges":[]}}""", "token id")]
    [InlineData("""{"model":{"vocab":{"a":2000000000},"merges":[]}}""", "token id")]
    [InlineData("""{"model":{"vocab":{"a":1000000},"merges":[]}}""", "only 1 tokens")]
    [InlineData("""{"model":{"vocab":{"a":0,"a":1},"merges":[]}}""", "twice")]
    [InlineData("""{"model":{"vocab":{"a":0},"merges":["a b"]}}""", "'ab'")]
    [InlineData("""{"model":{"vocab":{"a":0},"merges":[null]}}""", "model.merges holds null")]
    [InlineData("""{"model":{"vocab":{"a":0,"b":0},"merges":[]}}""", "model.vocab gives 'b' the id 0")]
    [InlineData("""{"model":{"vocab":{"a":0},"merges":["a b"]},"pre_tokenizer":{"type":"ByteLevel"}}""", "'b'")]
    [InlineData("""{"model":{"vocab":{},"merges":[],"end_of_word_suffix":"</w>"}}""", "end_of_word_suffix")]
    [InlineData("""{"model":{"vocab":{},"merges":[]},"normalizer":{"type":"Lowercase"}}""", "Lowercase")]
    [InlineData("""{"model":{"vocab":{},"merges":[]},"pre_tokenizer":{"type":"BertPreTokenizer"}}""", "BertPreTokenizer")]
    [InlineData("""{"model":{"vocab":{},"merges":[]},"pre_tokenizer":{"type":"Split","pattern":{"Regex":"("},"behavior":"Isolated"}}""", "pre_tokenizer.pattern: ")]
    [InlineData("""{"model":{"vocab":{},"merges":[]},"post_processor":{"type":"BertProcessing"}}""", "BertProcessing")]
    [InlineData("[]", "it must be an object, not array")]
    [InlineData("{", "is no tokenizer")]
    public void What_is_not_understood_is_refused_by_name(string json, string part)
    {
        var e = Assert.Throws<InvalidDataException>(() => TokenizerFile.Parse(json, "x.json"));
        Assert.StartsWith("x.json", e.Message);
        Assert.Contains(part, e.Message);
    }

    [Fact]
    public void Fields_within_steps_are_named_by_their_place()
    {
        var json = JsonNode.Parse(File.ReadAllText(Path.Combine(Folder, "llama2.json")))!;
        json["decoder"]!["decoders"]![3]!["start"] = "1";
        Assert.EndsWith(": decoder.decoders[3].start must be a whole number, not 1.", Assert.Throws<InvalidDataException>(() => TokenizerFile.Parse(json.ToJsonString())).Message);
    }

    [Fact]
    public void What_the_policy_said_keeps_the_tokens_that_are_not_special()
    {
        var tokenizer = Load("added-tokens");
        var (other, special) = (tokenizer.Special("é!"), tokenizer.Special("<mask>"));
        int[] Added(string text) => [.. tokenizer.EncodeMarkup(text).Where(tokenizer.IsAdded)];
        const string both = "x é!<mask>";
        Assert.Equal([other, special], Added(both));
        Assert.Equal([other], Added(tokenizer.Literal(both, said: true)));
        Assert.Empty(Added(tokenizer.Literal(both)));
        Assert.Equal(("<mask>", null), (tokenizer.SpecialName(special), tokenizer.SpecialName(other)));
    }

    [Fact]
    public void A_pattern_that_comes_to_no_end_is_given_up()
    {
        var json = TokenizerFile.ToJson(BpeTrainer.Train([], 256, "x").Vocabulary, [], [], "(?:a|aa)+$");
        var e = Assert.Throws<InvalidDataException>(() => TokenizerFile.Parse(json).Encode(new string('a', 60) + "b"));
        Assert.Contains("(?:a|aa)+$", e.Message);
    }

    [Fact]
    public void A_message_about_a_damaged_file_is_one_short_line()
    {
        var json = File.ReadAllText(Path.Combine(Folder, "llama2.json"));
        var e = Assert.Throws<InvalidDataException>(() => TokenizerFile.Parse(json.Replace("\"special\": true", "\"special\": tru"), "x.json"));
        Assert.DoesNotContain('\n', e.Message);
        Assert.Matches(@"\(line \d+, byte \d+\)", e.Message);
        Assert.InRange(e.Message.Length, 50, 400);
    }

    [Fact]
    public void Damaged_files_never_escape_as_another_error_and_take_no_memory()
    {
        var random = new Random(5);
        const string alphabet = "{}[]\",:0123456789eE-+.abF\\ \u0120";
        var good = ((string[])["added-tokens", "llama2", "digits-prefix", "whole-words"]).Select(n => File.ReadAllText(Path.Combine(Folder, n + ".json"))).ToArray();
        for (var round = 0; round < 800; round++)
        {
            var bad = good[round % good.Length].ToCharArray();
            for (var n = random.Next(1, 5); n > 0; n--)
                bad[random.Next(bad.Length)] = alphabet[random.Next(alphabet.Length)];
            var before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                TokenizerFile.Parse(random.Next(5) == 0 ? new string(bad)[..random.Next(bad.Length)] : new string(bad)).Encode("hello 12 é\n");
            }
            catch (InvalidDataException)
            {
            }
            Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 50_000_000);
        }
    }
}
