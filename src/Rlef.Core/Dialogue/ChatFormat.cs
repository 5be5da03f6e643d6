using Rlef.Policy;

namespace Rlef.Dialogue;

/// <summary>
/// Lays a dialogue out as tokens in the way that the policy's own chat template writes it. The dialogue grows at its end only: what the policy was
/// shown and what it answered stay as they are, token for token, and each message adds what the template puts between two answers.
/// </summary>
/// <remarks>
/// So a turn's prompt begins with all tokens of the turns before, keys and values of which remain valid, and an answer is never re-tokenized.
/// Messages are text: a program that prints a special token's name cannot forge one.
/// </remarks>
public sealed class ChatFormat
{
    static readonly string Mark = PolicyTokenizer.Mark.ToString();

    readonly ChatTemplate template;
    readonly string source;
    readonly HashSet<int> ends;

    /// <exception cref="InvalidDataException">The policy has no chat template, or one that does not keep earlier answers as they are.</exception>
    public ChatFormat(PolicyFiles policy)
    {
        (Tokenizer, source) = (policy.Tokenizer, policy.Source);
        template = policy.ChatTemplate ?? throw new InvalidDataException(
            $"{source} has no chat template: put the model's chat_template.jinja beside its tokenizer.json, or a tokenizer_config.json that holds one.");
        EndToken = AfterAnswer("message") is var ids && Array.FindIndex(ids, Tokenizer.IsAdded) is var end and >= 0
            ? ids[end]
            : throw new InvalidDataException($"{source}: the chat template ends an answer with no token of its own, so nothing tells where one ends.");
        ends = [EndToken, .. policy.EndTokens];
    }

    /// <summary>The format of a policy's folder or GGUF file.</summary>
    /// <exception cref="InvalidDataException">A file is missing or damaged; the message names it.</exception>
    public static ChatFormat Load(string path) => new(PolicyFiles.Read(path));

    public PolicyTokenizer Tokenizer { get; }

    /// <summary>The token with which the template closes an answer.</summary>
    public int EndToken { get; }

    /// <summary>Whether a token that the policy draws ends its answer: the template's, and those that the policy's configuration names.</summary>
    public bool Ends(int token) => ends.Contains(token);

    /// <summary>The tokens up to the first answer.</summary>
    public int[] FirstPrompt(string message) =>
        Tokenizer.EncodeMarkup(template.Render([new("user", Tokenizer.Literal(message))], addGenerationPrompt: true));

    /// <summary>The tokens between an answer and the next.</summary>
    /// <param name="lastToken">Last of the answer. What closes an answer is added if the policy did not write it itself.</param>
    public int[] NextPrompt(string message, int lastToken)
    {
        var ids = AfterAnswer(message);
        return lastToken == EndToken ? ids[(Array.IndexOf(ids, EndToken) + 1)..] : ids;
    }

    /// <summary>An answer of known text with its end token, for supervised dialogues.</summary>
    public int[] Response(string text) => [.. Tokenizer.Encode(text), EndToken];

    /// <summary>
    /// The chat template, how the tokenizer splits a text, and the tokens that end an answer: where they are others, the same weights play otherwise. What a template
    /// writes is not asked, since that may be the date.
    /// </summary>
    public string Identity => $"{template.Text}\n{string.Join(' ', Tokenizer.Encode(Probe))}\n{string.Join(' ', ends.Order())}";

    // Letters, digits and signs, white space, a program, and what lies beyond ASCII.
    static readonly string Probe = string.Concat(Enumerable.Range(' ', '~' - ' ' + 1).Select(c => (char)c)) +
        "\n\nWrite f(x), of which f(12) is -3.5e-07:\n```python\ndef f(x):\n    return [y for y in x if y != 0]  # naïve, 数字, 🙂\n\tprint(f\"{x}\")\n```\n";

    // Only the text behind the answer's place counts; the message before it and the answer itself are mere marks.
    int[] AfterAnswer(string message)
    {
        var text = template.Render([new("user", Mark), new("assistant", Mark), new("user", Tokenizer.Literal(message))], addGenerationPrompt: true);
        return text.IndexOf(Mark, StringComparison.Ordinal) is var first && text.LastIndexOf(Mark, StringComparison.Ordinal) is var last && first < last
            ? Tokenizer.EncodeMarkup(text[(last + 1)..])
            : throw new InvalidDataException($"{source}: the chat template leaves earlier messages out, so a dialogue cannot grow at its end.");
    }
}
