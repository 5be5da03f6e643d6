using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace Rlef.Policy;

/// <summary>
/// The ids of a text, word by word. Words that come again are looked up without a lock: the library's own store is locked for each word, and asked only after
/// the word has been spelled as bytes, which halved the speed.
/// </summary>
/// <param name="encode">The ids of one word.</param>
sealed class TextEncoder(ITextSplitter splitter, Func<string, int[]> encode)
{
    // A longer word hardly comes again, and so many words are enough for any language.
    const int LongestKept = 32, MostKept = 1 << 16;

    readonly ConcurrentDictionary<string, int[]> kept = new();
    int count;

    public void Encode(ReadOnlySpan<char> text, List<int> ids)
    {
        var words = kept.GetAlternateLookup<ReadOnlySpan<char>>();
        foreach (var (offset, length) in CollectionsMarshal.AsSpan(splitter.Split(text)))
        {
            var word = text.Slice(offset, length);
            if (!words.TryGetValue(word, out var found))
            {
                found = encode(word.ToString());
                if (length <= LongestKept && count < MostKept && words.TryAdd(word, found))
                    Interlocked.Increment(ref count);
            }
            if (found.Length == 1)
                ids.Add(found[0]);
            else
                ids.AddRange(found.AsSpan());
        }
    }
}
