using Rlef.Policy;

namespace Rlef.Core.Tests.Dialogue;

/// <summary>Chat templates as families of models have them, with small tokenizers of their special tokens.</summary>
static class ChatModels
{
    /// <param name="EndToken">What closes an answer.</param>
    public sealed record Style(string[] SpecialTokens, string EndToken, string Template);

    public static IReadOnlyDictionary<string, Style> Styles { get; } = new Dictionary<string, Style>
    {
        ["plain"] = new([.. Rlef.Dialogue.PlainChat.SpecialTokens], "<|end|>", Rlef.Dialogue.PlainChat.Template),
        // A default system message, and a line end behind the end token.
        ["chatml"] = new(["<|endoftext|>", "<|im_start|>", "<|im_end|>"], "<|im_end|>", """
            {%- if messages[0]['role'] != 'system' %}{{- '<|im_start|>system\nYou help.<|im_end|>\n' }}{%- endif %}
            {%- for message in messages %}{{- '<|im_start|>' + message.role + '\n' + message.content + '<|im_end|>' + '\n' }}{%- endfor %}
            {%- if add_generation_prompt %}{{- '<|im_start|>assistant\n' }}{%- endif %}
            """),
        // Contents are trimmed, and the text begins with a token.
        ["llama3"] = new(["<|begin_of_text|>", "<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>"], "<|eot_id|>", """
            {{- '<|begin_of_text|>' }}
            {%- for message in messages %}{{- '<|start_header_id|>' + message['role'] + '<|end_header_id|>\n\n' + message['content'] | trim + '<|eot_id|>' }}{%- endfor %}
            {%- if add_generation_prompt %}{{- '<|start_header_id|>assistant<|end_header_id|>\n\n' }}{%- endif %}
            """),
        // Roles must alternate, and a space comes before the end token.
        ["llama2"] = new(["<s>", "</s>"], "</s>", """
            {%- for message in messages %}
            {%- if (message['role'] == 'user') != (loop.index0 % 2 == 0) %}{{- raise_exception('roles must alternate') }}{%- endif %}
            {%- if message['role'] == 'user' %}{{- '<s>[INST] ' + message['content'] + ' [/INST]' }}{%- else %}{{- ' ' + message['content'] + ' </s>' }}{%- endif %}
            {%- endfor %}
            """),
    };

    // Words, numbers and line ends as Qwen's and Llama 3's tokenizers cut them: a message's first line end joins the template's.
    const string Pattern = @"[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    public static string TokenizerJson(Style style)
    {
        string[] text = ["user\n\nassistant\n\n\n system You help with Python code. Your code failed the following tests:\n- input", "print(int(input()) + 1)\n\n```python\n```\n"];
        var (vocabulary, merges) = BpeTrainer.Train([.. text, .. text, .. text], 320, Pattern);
        return TokenizerFile.ToJson(vocabulary, merges, style.SpecialTokens, Pattern);
    }

    public static PolicyFiles Files(string style, string? template = null)
    {
        var json = TokenizerJson(Styles[style]);
        return new(ModelConfig.Nano(TokenizerFile.Parse(json).VocabularySize), json, template ?? Styles[style].Template);
    }
}
