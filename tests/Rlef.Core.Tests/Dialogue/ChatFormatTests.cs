using Rlef.Core.Tests.Policy;
using Rlef.Dialogue;
using Rlef.Policy;

namespace Rlef.Core.Tests.Dialogue;

public sealed class ChatFormatTests
{
    static readonly (string User, string Assistant)[] Turns =
    [
        ("\n Add one to 41.  ", "```python\nprint(41 + 1)\n```"),
        ("Your code failed: é ≠ e\u0301, 猫.\n\n- input '3'", "Sorry."),
        ("Give it another try.\n", "```python\nprint(42)\n```"),
    ];

    // The ids of a dialogue as it grows: what the policy is shown, and what it answers.
    static List<int[]> Grown(ChatFormat format)
    {
        List<int[]> pieces = [];
        foreach (var (user, assistant) in Turns)
        {
            pieces.Add(pieces.Count == 0 ? format.FirstPrompt(user) : format.NextPrompt(user, pieces[^1][^1]));
            pieces.Add(format.Response(assistant));
        }
        return pieces;
    }

    static int[] Rendered(PolicyTokenizer tokenizer, ChatTemplate template, int turns) => tokenizer.EncodeMarkup(template.Render(
        Turns.Take(turns).SelectMany((t, i) => i < turns - 1 ? (ChatMessage[])[new("user", t.User), new("assistant", t.Assistant)] : [new("user", t.User)]),
        addGenerationPrompt: true));

    static void AssertGrowsAsTheTemplateWrites(ChatFormat format, ChatTemplate template)
    {
        var pieces = Grown(format);
        for (var turns = 1; turns <= Turns.Length; turns++)
            Assert.Equal(Rendered(format.Tokenizer, template, turns), pieces.Take(2 * turns - 1).SelectMany(p => p));
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("chatml")]
    [InlineData("llama3")]
    public void A_dialogue_that_grows_at_its_end_is_the_one_that_the_template_writes_whole(string style)
    {
        var files = ChatModels.Files(style);
        var format = new ChatFormat(files);
        Assert.Equal(files.Tokenizer.Special(ChatModels.Styles[style].EndToken), format.EndToken);
        AssertGrowsAsTheTemplateWrites(format, files.ChatTemplate!);
    }

    [Theory]
    [InlineData("qwen3", "<|im_end|>")]
    [InlineData("llama3_1", "<|eot_id|>")]
    public void The_public_models_tokenizers_and_templates_agree_too(string name, string end)
    {
        var folder = SharedData.Require("tokenizers", name);
        var copy = Directory.CreateTempSubdirectory("rlef-chat-").FullName;
        foreach (var file in (string[])["tokenizer.json", "tokenizer_config.json"])
            File.Copy(Path.Combine(folder, file), Path.Combine(copy, file));
        File.WriteAllText(Path.Combine(copy, "config.json"), (ModelConfig.Nano(152_000) with { Architectures = ["Qwen3ForCausalLM"], ModelType = "qwen3" }).ToJson());
        var files = PolicyFiles.Read(copy);
        var format = new ChatFormat(files);
        Assert.Equal(files.Tokenizer.Special(end), format.EndToken);
        AssertGrowsAsTheTemplateWrites(format, files.ChatTemplate!);
        Directory.Delete(copy, true);
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("chatml")]
    [InlineData("llama3")]
    [InlineData("llama2")]
    public void An_answer_that_was_cut_is_closed_and_one_that_ended_is_not_closed_twice(string style)
    {
        var format = new ChatFormat(ChatModels.Files(style));
        int[] cut = format.NextPrompt("Again.", lastToken: 65), ended = format.NextPrompt("Again.", format.EndToken);
        Assert.True(format.Ends(format.EndToken) && !format.Ends(65));
        Assert.Equal(cut.Length - Array.IndexOf(cut, format.EndToken) - 1, ended.Length);
        Assert.Equal(cut[^ended.Length..], ended);
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("chatml")]
    [InlineData("llama3")]
    [InlineData("llama2")]
    public void A_message_cannot_forge_special_tokens(string style)
    {
        var files = ChatModels.Files(style);
        var format = new ChatFormat(files);
        int[] Special(int[] ids) => [.. ids.Where(files.Tokenizer.IsAdded)];
        var forged = string.Concat(ChatModels.Styles[style].SpecialTokens) + "x\uFDD0\uFDD1" + string.Concat(ChatModels.Styles[style].SpecialTokens);
        Assert.Equal(Special(format.FirstPrompt("x")), Special(format.FirstPrompt(forged)));
        Assert.Equal(Special(format.NextPrompt("x", 65)), Special(format.NextPrompt(forged, 65)));
        // It is still told in full, but for what Unicode does not allow in texts.
        Assert.Contains(forged.Replace("\uFDD0\uFDD1", "\uFFFD\uFFFD"), files.Tokenizer.Decode(format.FirstPrompt(forged)));
    }

    [Fact]
    public void Configured_end_tokens_end_an_answer_too_and_are_followed_by_the_templates()
    {
        var folder = Directory.CreateTempSubdirectory("rlef-chat-").FullName;
        var files = ChatModels.Files("chatml");
        files.Write(folder, TorchSharp.torch.ScalarType.Float32);
        var other = files.Tokenizer.Special("<|endoftext|>");
        File.WriteAllText(Path.Combine(folder, "generation_config.json"), $$"""{"eos_token_id": [{{other}}]}""");
        var format = ChatFormat.Load(folder);
        Assert.True(format.Ends(other) && format.Ends(files.Tokenizer.Special("<|im_end|>")));
        Assert.Equal(format.EndToken, format.NextPrompt("Again.", other)[0]);
        File.WriteAllText(Path.Combine(folder, "generation_config.json"), """{"eos_token_id": [1, 1000000]}""");
        Assert.Contains("generation_config.json: eos_token_id: 1000000 is no token", Assert.Throws<InvalidDataException>(() => ChatFormat.Load(folder)).Message);
        File.WriteAllText(Path.Combine(folder, "generation_config.json"), """{"eos_token_id": "</s>"}""");
        ChatFormat.Load(folder);
        File.WriteAllText(Path.Combine(folder, "generation_config.json"), """{"eos_token_id": ["</s>"]}""");
        Assert.Contains("generation_config.json: eos_token_id: \"</s>\" is no token", Assert.Throws<InvalidDataException>(() => ChatFormat.Load(folder)).Message);
        Directory.Delete(folder, true);
    }

    [Theory]
    [InlineData("{% for m in messages %}{{ m.content }}{% endfor %}", "no token of its own")]
    [InlineData("{{ messages[-1].content }}<|im_end|>", "leaves earlier messages out")]
    public void A_template_that_dialogues_cannot_grow_by_is_refused(string template, string part) =>
        Assert.Contains(part, Assert.Throws<InvalidDataException>(() => new ChatFormat(ChatModels.Files("chatml", template))).Message);

    [Fact]
    public void A_policy_without_a_template_is_told_what_to_add()
    {
        var files = new PolicyFiles(ModelConfig.Nano(300), Tokenizers.BytesJson());
        Assert.Contains("chat_template.jinja", Assert.Throws<InvalidDataException>(() => new ChatFormat(files)).Message);
    }
}
