using System.Runtime.InteropServices;

namespace Microsoft.ML.Tokenizers;

/// <summary>Turns text into token ids and back. Safe for concurrent use.</summary>
public abstract class Tokenizer
{
    private protected Tokenizer() { }

    public virtual PreTokenizer? PreTokenizer => null;
    public virtual Normalizer? Normalizer => null;

    public IReadOnlyList<int> EncodeToIds(string text, bool considerPreTokenization = true, bool considerNormalization = true) =>
        EncodeToIds(text.AsSpan(), considerPreTokenization, considerNormalization);

    public IReadOnlyList<int> EncodeToIds(ReadOnlySpan<char> text, bool considerPreTokenization = true, bool considerNormalization = true)
    {
        List<int> ids = new(text.Length / 3 + 4);
        if (considerNormalization && Normalizer is { } normalizer)
            text = normalizer.Normalize(text);
        if (!considerPreTokenization || PreTokenizer is not { } preTokenizer)
            Encode(text, ids);
        else
            foreach (var (offset, length) in preTokenizer.PreTokenize(text))
                Encode(text.Slice(offset, length), ids);
        return ids;
    }

    public int CountTokens(string text, bool considerPreTokenization = true, bool considerNormalization = true) =>
        EncodeToIds(text, considerPreTokenization, considerNormalization).Count;

    public abstract string Decode(IEnumerable<int> ids);

    /// <summary>Appends the ids of one piece.</summary>
    private protected abstract void Encode(ReadOnlySpan<char> piece, List<int> ids);

    private protected static void Append(List<int> ids, ReadOnlySpan<int> more)
    {
        var count = ids.Count;
        CollectionsMarshal.SetCount(ids, count + more.Length);
        more.CopyTo(CollectionsMarshal.AsSpan(ids)[count..]);
    }
}
