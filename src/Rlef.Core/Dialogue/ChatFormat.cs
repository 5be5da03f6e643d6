using Rlef.Policy;

namespace Rlef.Dialogue;

/// <summary>Lays a dialogue out as tokens: <c>&lt;|user|&gt; text &lt;|end|&gt; &lt;|assistant|&gt; response &lt;|end|&gt;</c>, turn after turn.</summary>
public sealed class ChatFormat
{
    /// <summary>Names of the special tokens that a tokenizer must have.</summary>
    public static IReadOnlyList<string> SpecialTokens { get; } = ["<|end|>", "<|user|>", "<|assistant|>"];

    readonly int user, assistant;

    /// <exception cref="InvalidDataException">The tokenizer lacks one of <see cref="SpecialTokens"/>.</exception>
    public ChatFormat(PolicyTokenizer tokenizer)
    {
        Tokenizer = tokenizer;
        (EndToken, user, assistant) = (tokenizer.Special("<|end|>"), tokenizer.Special("<|user|>"), tokenizer.Special("<|assistant|>"));
    }

    public PolicyTokenizer Tokenizer { get; }

    /// <summary>The token with which the policy ends a response.</summary>
    public int EndToken { get; }

    /// <summary>
    /// The tokens between two responses: the end of the previous one if it was cut, and the user's message. Text is encoded as
    /// text: a program that prints a special token's name cannot forge one.
    /// </summary>
    public int[] UserMessage(string message, bool endPrevious = false) =>
        [.. endPrevious ? [EndToken] : Array.Empty<int>(), user, .. Tokenizer.Encode(message), EndToken, assistant];

    /// <summary>A response of known text with its end token, for supervised dialogues.</summary>
    public int[] Response(string text) => [.. Tokenizer.Encode(text), EndToken];
}
