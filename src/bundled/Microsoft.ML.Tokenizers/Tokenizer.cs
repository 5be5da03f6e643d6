using System.Text;

namespace Microsoft.ML.Tokenizers;

/// <summary>Turns text into token ids and back.</summary>
public abstract class Tokenizer
{
    public abstract IReadOnlyList<int> EncodeToIds(string text, bool considerPreTokenization = true, bool considerNormalization = true);
    public abstract string? Decode(IEnumerable<int> ids);

    public int CountTokens(string text, bool considerPreTokenization = true, bool considerNormalization = true) =>
        EncodeToIds(text, considerPreTokenization, considerNormalization).Count;
}

/// <summary>Rewrites a text before it is split.</summary>
public abstract class Normalizer
{
    public abstract string Normalize(string original);
    public virtual string Normalize(ReadOnlySpan<char> original) => Normalize(original.ToString());
}
