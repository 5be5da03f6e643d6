using System.Text.Unicode;

namespace Rlef.Policy;

/// <summary>
/// The text of tokens, by the steps of a <c>tokenizer.json</c>'s decoder, each of which makes a list of texts of the one before, as in Hugging Face's library.
/// Microsoft's reads bytes otherwise: a run of byte tokens that is no UTF-8 becomes one U+FFFD there instead of one for each, and letters beyond ASCII in
/// whole words are taken for bytes.
/// </summary>
sealed class TokenDecoder
{
    readonly string?[] tokens;
    readonly List<Func<List<DecodedText>, List<DecodedText>>> steps = [];

    /// <param name="tokens">By id; null where no token has it.</param>
    /// <param name="decoder">The file's field; null where it has none, and tokens are put together with spaces between.</param>
    /// <exception cref="InvalidDataException">A step is not known.</exception>
    public TokenDecoder(string?[] tokens, TokenizerField? decoder)
    {
        this.tokens = tokens;
        if (decoder is { } step)
            Add(step);
        else
            steps.Add(texts => [.. texts.Select((text, at) => at == 0 ? text : DecodedText.Join([new(" ", []), text]))]);
    }

    public bool Knows(int id) => id >= 0 && id < tokens.Length && tokens[id] is not null;

    /// <summary>The text of ids, all of which must be known, and where in it each stands.</summary>
    public DecodedText Decode(IEnumerable<int> ids)
    {
        List<DecodedText> texts = [.. ids.Select(id => DecodedText.Of(tokens[id]!))];
        foreach (var step in steps)
            texts = step(texts);
        return DecodedText.Join(texts);
    }

    void Add(TokenizerField step)
    {
        switch (step["type"].Text)
        {
            case "Sequence":
                foreach (var inner in step["decoders"].Items)
                    Add(inner);
                break;
            case "ByteLevel":
                steps.Add(texts => [ByteSpelling.Read(texts)]);
                break;
            case "ByteFallback":
                steps.Add(BytesOfTokens);
                break;
            case "Fuse":
                steps.Add(texts => [DecodedText.Join(texts)]);
                break;
            case "Replace" when step["pattern"].Find("String") is { } pattern:
                var (old, fresh) = (pattern.Name, step["content"].Text);
                Each((text, _) => text.Replace(old, fresh));
                break;
            case "Strip":
                var (character, start, stop) = (step["content"].Name, step["start"].Whole, step["stop"].Whole);
                Each((text, _) => text.Strip(character, start, stop));
                break;
            case "Metaspace":
                var (mark, opening) = (MetaspaceStep.Mark(step), MetaspaceStep.Scheme(step) == "never" ? " " : "");
                Each((text, at) => text.Replace(mark, at == 0 ? opening : " "));
                break;
            case var other:
                throw new InvalidDataException($"decoder '{other}' is not supported.");
        }

        void Each(Func<DecodedText, int, DecodedText> change) => steps.Add(texts => [.. texts.Select(change)]);
    }

    // Tokens <0x00> to <0xFF> that stand together are a text if they are one in UTF-8; otherwise each becomes U+FFFD.
    static List<DecodedText> BytesOfTokens(List<DecodedText> texts)
    {
        List<DecodedText> result = new(texts.Count);
        List<byte> run = [];
        foreach (var text in texts)
            if (text.Text is ['<', '0', 'x', var high, var low, '>'] && char.IsAsciiHexDigit(high) && char.IsAsciiHexDigit(low))
                run.Add(Convert.ToByte(text.Text[3..5], 16));
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
            byte[] bytes = [.. run];
            (int, int)[] each = [.. Enumerable.Range(0, bytes.Length).Select(i => (i, i + 1))];
            result.Add(Utf8.IsValid(bytes) ? DecodedText.OfUtf8(bytes, each) : new(new string('\uFFFD', bytes.Length), each));
            run.Clear();
        }
    }
}
