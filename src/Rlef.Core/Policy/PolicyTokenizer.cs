using Microsoft.ML.Tokenizers;

namespace Rlef.Policy;

/// <summary>A tokenizer that keeps text and special tokens apart: encoding text never yields a special token.</summary>
/// <param name="text">Encodes and decodes text; knows no special tokens.</param>
/// <param name="special">Ids of the special tokens by name.</param>
/// <param name="vocabularySize">Number of ids, special ones included.</param>
public sealed class PolicyTokenizer(Tokenizer text, IReadOnlyDictionary<string, int> special, int vocabularySize)
{
    readonly HashSet<int> specialIds = [.. special.Values];

    public int VocabularySize => vocabularySize;

    public int[] Encode(string value) => [.. text.EncodeToIds(value)];

    /// <summary>The text of ids; special tokens, and ids that only a padded model has, are left out.</summary>
    public string Decode(IEnumerable<int> ids) => text.Decode(ids.Where(id => id < vocabularySize && !specialIds.Contains(id))) ?? "";

    /// <exception cref="InvalidDataException">There is no such token.</exception>
    public int Special(string name) => special.TryGetValue(name, out var id)
        ? id
        : throw new InvalidDataException($"The tokenizer has no special token '{name}'; it has {string.Join(", ", special.Keys)}.");
}
