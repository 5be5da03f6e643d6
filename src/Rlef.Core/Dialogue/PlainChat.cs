namespace Rlef.Dialogue;

/// <summary>The plainest way to write a dialogue: <c>&lt;|user|&gt;message&lt;|end|&gt;&lt;|assistant|&gt;answer&lt;|end|&gt;</c>, turn after turn. The nano policy's.</summary>
public static class PlainChat
{
    /// <summary>Names of the special tokens that a tokenizer must have.</summary>
    public static IReadOnlyList<string> SpecialTokens { get; } = ["<|end|>", "<|user|>", "<|assistant|>"];

    /// <summary>The <c>chat_template.jinja</c>.</summary>
    public const string Template =
        "{% for message in messages %}<|{{ message.role }}|>{{ message.content }}<|end|>{% endfor %}{% if add_generation_prompt %}<|assistant|>{% endif %}\n";
}
