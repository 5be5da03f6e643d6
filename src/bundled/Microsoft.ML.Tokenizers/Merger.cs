using System.Buffers;

namespace Microsoft.ML.Tokenizers;

/// <summary>Byte-pair encoding of one piece (Sennrich et al. 2016): merges the pair of lowest rank, the leftmost of equals, until none is left.</summary>
static class Merger
{
    // Up to here scanning all pairs for the best is faster than keeping them in order.
    const int ScanLength = 48;

    /// <param name="symbols">The piece's first tokens; a negative one merges with nothing. Overwritten.</param>
    /// <returns>How many of <paramref name="symbols"/>, counted from the start, hold the result.</returns>
    public static int Merge(Span<int> symbols, MergeTable merges) =>
        symbols.Length < 2 ? symbols.Length : symbols.Length <= ScanLength ? Scan(symbols, merges) : Queue(symbols, merges);

    static int Scan(Span<int> symbols, MergeTable merges)
    {
        var count = symbols.Length;
        Span<(int Rank, int Id)> pairs = stackalloc (int, int)[ScanLength];
        for (var i = 0; i + 1 < count; i++)
            pairs[i] = Pair(symbols[i], symbols[i + 1], merges);
        while (true)
        {
            int best = MergeTable.None, at = 0;
            for (var i = 0; i + 1 < count; i++)
                if (pairs[i].Rank < best)
                    (best, at) = (pairs[i].Rank, i);
            if (best == MergeTable.None)
                return count;
            symbols[at] = pairs[at].Id;
            symbols[(at + 2)..count].CopyTo(symbols[(at + 1)..]);
            if (at + 2 < count)
                pairs[(at + 2)..count].CopyTo(pairs[(at + 1)..]);
            count--;
            if (at > 0)
                pairs[at - 1] = Pair(symbols[at - 1], symbols[at], merges);
            if (at + 1 < count)
                pairs[at] = Pair(symbols[at], symbols[at + 1], merges);
        }
    }

    static int Queue(Span<int> symbols, MergeTable merges)
    {
        var n = symbols.Length;
        var rented = ArrayPool<int>.Shared.Rent(2 * n);
        Span<int> next = rented.AsSpan(0, n), previous = rented.AsSpan(n, n);
        var queue = new PriorityQueue<(int At, int Left, int Right, int Id), (int Rank, int At)>(n);
        for (var i = 0; i < n; i++)
            (next[i], previous[i]) = (i + 1, i - 1);
        for (var i = 0; i + 1 < n; i++)
            Offer(symbols, i, i + 1);
        const int gone = int.MinValue;
        while (queue.TryDequeue(out var pair, out _))
        {
            var right = symbols[pair.At] == pair.Left ? next[pair.At] : n;
            // A merge nearby may have changed either side since the pair was offered.
            if (right >= n || symbols[right] != pair.Right)
                continue;
            symbols[pair.At] = pair.Id;
            symbols[right] = gone;
            next[pair.At] = next[right];
            if (next[right] < n)
            {
                previous[next[right]] = pair.At;
                Offer(symbols, pair.At, next[right]);
            }
            if (previous[pair.At] >= 0)
                Offer(symbols, previous[pair.At], pair.At);
        }
        var count = 0;
        for (var i = 0; i < n; i = next[i])
            symbols[count++] = symbols[i];
        ArrayPool<int>.Shared.Return(rented);
        return count;

        void Offer(Span<int> all, int left, int right)
        {
            var (rank, id) = Pair(all[left], all[right], merges);
            if (rank != MergeTable.None)
                queue.Enqueue((left, all[left], all[right], id), (rank, left));
        }
    }

    static (int Rank, int Id) Pair(int left, int right, MergeTable merges) => left < 0 || right < 0 ? (MergeTable.None, 0) : merges[left, right];
}
