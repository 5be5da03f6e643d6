namespace Rlef.Policy;

/// <summary>
/// A tokenizer that keeps text and special tokens apart: <see cref="Encode"/> never yields a special token, <see cref="EncodeMarkup"/> does where one
/// is spelled out.
/// </summary>
public sealed class PolicyTokenizer
{
    /// <summary>Noncharacters, which Unicode keeps out of texts: one breaks the names of added tokens in literal text, one is free for callers as a mark.</summary>
    const char Guard = '\uFDD0';
    internal const char Mark = '\uFDD1';
    static readonly string GuardText = Guard.ToString();

    readonly TextPreparation preparation;
    readonly TextEncoder encoder;
    readonly TokenDecoder decoder;
    readonly Dictionary<string, int> added;
    readonly Dictionary<int, AddedToken> addedById;
    readonly AddedTokenFinder before, after;
    readonly int[] prefix, suffix;

    /// <param name="encoder">Knows no added tokens.</param>
    /// <param name="decoder">Knows all tokens.</param>
    /// <param name="prefix">Ids that the model expects before a text.</param>
    /// <param name="suffix">Ids that the model expects after a text.</param>
    /// <param name="vocabularySize">Number of ids, added ones included.</param>
    internal PolicyTokenizer(TextPreparation preparation, TextEncoder encoder, TokenDecoder decoder, IReadOnlyCollection<AddedToken> tokens, int[] prefix, int[] suffix,
        int vocabularySize)
    {
        (this.preparation, this.encoder, this.decoder, this.prefix, this.suffix, VocabularySize) = (preparation, encoder, decoder, prefix, suffix, vocabularySize);
        added = tokens.ToDictionary(t => t.Content, t => t.Id);
        addedById = tokens.ToDictionary(t => t.Id);
        before = new(tokens.Where(t => !t.Normalized));
        after = new(tokens.Where(t => t.Normalized).Select(t => t with { Content = preparation.Normalize(t.Content) }));
    }

    public int VocabularySize { get; }

    /// <summary>Ids that the model expects before a text.</summary>
    internal IReadOnlyList<int> Prefix => prefix;

    /// <summary>Ids that the model expects after a text.</summary>
    internal IReadOnlyList<int> Suffix => suffix;

    /// <summary>The ids of a text; the names of special tokens in it are text like any other.</summary>
    public int[] Encode(string value)
    {
        List<int> ids = new(value.Length / 3 + 4);
        if (value.Length > 0)
            encoder.Encode(preparation.Apply(value, true), ids);
        return [.. ids];
    }

    /// <summary>
    /// A text that is to become part of one for <see cref="EncodeMarkup"/> without being markup itself: the names of added tokens in it are text like
    /// any other. Noncharacters are replaced.
    /// </summary>
    /// <param name="said">Whether the policy itself said it: its added tokens that are not special, such as those around what it thought, then stay what they are.</param>
    public string Literal(string value, bool said = false)
    {
        value = value.Replace(Guard, '\uFFFD').Replace(Mark, '\uFFFD');
        foreach (var (name, id) in added)
            if (name.Length > 1 && (!said || addedById[id].Special))
                value = value.Replace(name, $"{name[0]}{Guard}{name[1..]}", StringComparison.Ordinal);
        return value;
    }

    /// <summary>The ids of a text in which the names of added tokens stand for these tokens, but for those inside <see cref="Literal"/> parts.</summary>
    /// <param name="addSpecial">Adds the special tokens that the model expects around a text.</param>
    public int[] EncodeMarkup(string value, bool addSpecial = false)
    {
        List<int> ids = new(value.Length / 3 + 4);
        if (addSpecial)
            ids.AddRange(prefix);
        foreach (var (range, token) in before.Split(value))
            if (token is not null)
                ids.Add(token.Id);
            else
            {
                var prepared = preparation.Apply(value[range], range.Start.Value == 0);
                foreach (var (inner, innerToken) in after.Split(prepared))
                    if (innerToken is not null)
                        ids.Add(innerToken.Id);
                    else
                        encoder.Encode(prepared.AsSpan(inner).Contains(Guard) ? prepared[inner].Replace(GuardText, "", StringComparison.Ordinal) : prepared.AsSpan(inner), ids);
            }
        if (addSpecial)
            ids.AddRange(suffix);
        return [.. ids];
    }

    /// <summary>The text of ids; those that only a padded model has are left out.</summary>
    /// <param name="keepSpecial">Writes special tokens by their names; otherwise they are left out.</param>
    public string Decode(IEnumerable<int> ids, bool keepSpecial = false) => decoder.Decode(ids.Where(id => IsWritten(id, keepSpecial))).Text;

    /// <summary>
    /// [N] where in the text that <see cref="Decode"/> writes each token begins and ends, in characters. A character that several tokens make together
    /// belongs to each of them; a token that is left out is empty.
    /// </summary>
    public (int Start, int End)[] Spans(IReadOnlyList<int> ids) => DecodeWithSpans(ids).Spans;

    /// <summary>What <see cref="Decode"/> and <see cref="Spans"/> tell.</summary>
    internal (string Text, (int Start, int End)[] Spans) DecodeWithSpans(IReadOnlyList<int> ids)
    {
        var (text, written) = decoder.Decode(ids.Where(id => IsWritten(id, false)));
        var spans = new (int Start, int End)[ids.Count];
        for (int i = 0, next = 0, end = 0; i < spans.Length; i++)
        {
            spans[i] = IsWritten(ids[i], false) ? written[next++] : (end, end);
            end = spans[i].End;
        }
        return (text, spans);
    }

    bool IsWritten(int id, bool keepSpecial) => decoder.Knows(id) && (keepSpecial || !addedById.TryGetValue(id, out var token) || !token.Special);

    /// <summary>Whether an id stands for itself in a text, apart from the vocabulary's merges, as the tokens of a chat template do.</summary>
    public bool IsAdded(int id) => addedById.ContainsKey(id);

    /// <summary>The name of a special token, which is no part of a text; null for others.</summary>
    public string? SpecialName(int id) => addedById.TryGetValue(id, out var token) && token.Special ? token.Content : null;

    /// <exception cref="InvalidDataException">There is no such token.</exception>
    public int Special(string name) => added.TryGetValue(name, out var id)
        ? id
        : throw new InvalidDataException($"The tokenizer has no special token '{name}'; it has {string.Join(", ", added.Keys)}.");
}
