using System.Text;
using System.Text.Json;

namespace Rlef.Policy;

/// <summary>
/// The text of tokens, by the steps of a <c>tokenizer.json</c>'s decoder, each of which makes a list of texts of the one before, as in Hugging Face's library.
/// Microsoft's reads bytes otherwise: a run of byte tokens that is no UTF-8 becomes one U+FFFD there instead of one for each, and letters beyond ASCII in
/// whole words are taken for bytes.
/// </summary>
sealed class TokenDecoder
{
    static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    readonly string?[] tokens;
    readonly List<Func<List<string>, List<string>>> steps = [];

    /// <param name="tokens">By id; null where no token has it.</param>
    /// <param name="decoder">The file's field; null where it has none, and tokens are put together with spaces between.</param>
    /// <exception cref="InvalidDataException">A step is not known.</exception>
    public TokenDecoder(string?[] tokens, JsonElement? decoder)
    {
        this.tokens = tokens;
        if (decoder is { } step)
            Add(step);
        else
            steps.Add(texts => [string.Join(' ', texts)]);
    }

    /// <summary>Ids without a token are left out.</summary>
    public string Decode(IEnumerable<int> ids)
    {
        List<string> texts = [];
        foreach (var id in ids)
            if (id >= 0 && id < tokens.Length && tokens[id] is { } token)
                texts.Add(token);
        foreach (var step in steps)
            texts = step(texts);
        return texts is [var single] ? single : string.Concat(texts);
    }

    void Add(JsonElement step)
    {
        string Text(string name) => step.GetProperty(name).GetString()!;
        switch (Text("type"))
        {
            case "Sequence":
                foreach (var inner in step.GetProperty("decoders").EnumerateArray())
                    Add(inner);
                break;
            case "ByteLevel":
                steps.Add(texts => [ByteSpelling.Read(texts)]);
                break;
            case "ByteFallback":
                steps.Add(BytesOfTokens);
                break;
            case "Fuse":
                steps.Add(texts => [string.Concat(texts)]);
                break;
            case "Replace" when step.GetProperty("pattern").TryGetProperty("String", out var pattern):
                var (old, fresh) = (pattern.GetString()!, Text("content"));
                Each((text, _) => text.Replace(old, fresh, StringComparison.Ordinal));
                break;
            case "Strip":
                var (character, start, stop) = (Text("content"), step.GetProperty("start").GetInt32(), step.GetProperty("stop").GetInt32());
                Each((text, _) => Stripped(text, character, start, stop));
                break;
            case "Metaspace":
                var (mark, opening) = (MetaspaceStep.Mark(step), MetaspaceStep.Scheme(step) == "never" ? " " : "");
                Each((text, at) => text.Replace(mark, at == 0 ? opening : " ", StringComparison.Ordinal));
                break;
            case var other:
                throw new InvalidDataException($"decoder '{other}' is not supported.");
        }

        void Each(Func<string, int, string> change) => steps.Add(texts => [.. texts.Select(change)]);
    }

    // Tokens <0x00> to <0xFF> that stand together are a text if they are one in UTF-8.
    static List<string> BytesOfTokens(List<string> texts)
    {
        List<string> result = new(texts.Count);
        List<byte> run = [];
        foreach (var text in texts)
            if (text is ['<', '0', 'x', var high, var low, '>'] && char.IsAsciiHexDigit(high) && char.IsAsciiHexDigit(low))
                run.Add(Convert.ToByte(text[3..5], 16));
            else
            {
                End();
                result.Add(text);
            }
        End();
        return result;

        void End()
        {
            if (run.Count == 0)
                return;
            try
            {
                result.Add(Strict.GetString([.. run]));
            }
            catch (DecoderFallbackException)
            {
                result.Add(new string('\uFFFD', run.Count));
            }
            run.Clear();
        }
    }

    static string Stripped(string text, string character, int start, int stop)
    {
        for (; start > 0 && text.StartsWith(character, StringComparison.Ordinal); start--)
            text = text[character.Length..];
        for (; stop > 0 && text.EndsWith(character, StringComparison.Ordinal); stop--)
            text = text[..^character.Length];
        return text;
    }
}
