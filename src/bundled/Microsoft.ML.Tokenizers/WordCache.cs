namespace Microsoft.ML.Tokenizers;

/// <summary>The ids of words met lately. A word replaces another of the same place, so that memory is bounded and no lock is needed.</summary>
sealed class WordCache
{
    const int Places = 1 << 15, LongestWord = 64;
    readonly Entry?[] entries = new Entry?[Places];

    sealed record Entry(string Word, int[] Ids);

    public bool TryGet(ReadOnlySpan<char> word, out ReadOnlySpan<int> ids)
    {
        ids = default;
        if (word.Length > LongestWord || Volatile.Read(ref entries[Place(word)]) is not { } entry || !word.SequenceEqual(entry.Word))
            return false;
        ids = entry.Ids;
        return true;
    }

    public void Add(ReadOnlySpan<char> word, ReadOnlySpan<int> ids)
    {
        if (word.Length <= LongestWord)
            Volatile.Write(ref entries[Place(word)], new Entry(word.ToString(), ids.ToArray()));
    }

    static int Place(ReadOnlySpan<char> word) => string.GetHashCode(word) & (Places - 1);
}
