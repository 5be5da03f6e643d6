using System.Runtime.InteropServices;

namespace Rlef.Policy;

/// <summary>
/// The rows of a decoder, and which tokens each holds. A row that is given back keeps them until it is needed, the least recently used first, so that the
/// next turn of a dialogue, or another with the same beginning, does not encode them again. Not safe for concurrent use.
/// </summary>
sealed class DecoderRows(IDecoder decoder)
{
    readonly List<int>[] held = [.. Enumerable.Range(0, decoder.Capacity).Select(_ => new List<int>())];
    readonly bool[] busy = new bool[decoder.Capacity];
    readonly long[] used = new long[decoder.Capacity];
    long time;

    public bool AnyFree => Array.IndexOf(busy, false) >= 0;

    /// <summary>Takes a free row, of which there must be one, for a dialogue.</summary>
    /// <returns>The row, and how many of the prompt's tokens it holds: never all, since the last one's answer is wanted.</returns>
    public (int Row, int Reused) Take(ReadOnlySpan<int> prompt)
    {
        var (best, same) = (-1, 0);
        for (var row = 0; row < held.Length; row++)
            if (CollectionsMarshal.AsSpan(held[row]).CommonPrefixLength(prompt[..^1]) is var common && common > same)
                (best, same) = (row, common);
        // A row goes on where little of another dialogue is lost by it; else its beginning is copied.
        var taken = best >= 0 && !busy[best] && 2 * same >= held[best].Count ? best : LeastRecent(best);
        decoder.CopyPrefix(best < 0 ? taken : best, same, taken);
        if (best != taken)
        {
            held[taken].Clear();
            held[taken].AddRange(prompt[..same]);
        }
        else
            held[taken].RemoveRange(same, held[taken].Count - same);
        busy[taken] = true;
        return (taken, same);
    }

    /// <summary>Notes what the decoder holds of a dialogue by now.</summary>
    public void Follow(Generation generation)
    {
        var tokens = held[generation.Row];
        while (tokens.Count < decoder.Length(generation.Row))
            tokens.Add(generation.TokenAt(tokens.Count));
    }

    public void Return(int row) => (busy[row], used[row]) = (false, ++time);

    /// <summary>Forgets what all rows hold, none of which is taken any more.</summary>
    public void Clear()
    {
        for (var row = 0; row < held.Length; row++)
        {
            decoder.Reset(row);
            held[row].Clear();
            (busy[row], used[row]) = (false, 0);
        }
    }

    int LeastRecent(int spared)
    {
        var found = -1;
        for (var row = 0; row < held.Length; row++)
            if (!busy[row] && (found < 0 || found == spared || row != spared && used[row] < used[found]))
                found = row;
        return found;
    }
}
