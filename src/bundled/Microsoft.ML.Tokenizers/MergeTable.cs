namespace Microsoft.ML.Tokenizers;

/// <summary>Which pairs of tokens merge, in what order and into what: a hash table of plain arrays.</summary>
sealed class MergeTable
{
    /// <summary>Of a pair that does not merge.</summary>
    public const int None = int.MaxValue;

    const long Free = -1;
    readonly long[] keys;
    readonly (int Rank, int Id)[] values;
    readonly int mask;

    /// <param name="capacity">Most pairs that will be added.</param>
    public MergeTable(int capacity)
    {
        var size = (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Max(capacity, 8) * 2);
        keys = new long[size];
        Array.Fill(keys, Free);
        values = new (int, int)[size];
        mask = size - 1;
    }

    /// <summary>Adds a pair, unless it is known already.</summary>
    public void Add(int left, int right, int rank, int merged)
    {
        var at = Find(left, right);
        if (keys[at] != Free)
            return;
        keys[at] = Key(left, right);
        values[at] = (rank, merged);
    }

    /// <summary>The pair's rank, lower ones merge first, and the token that it becomes; the rank is <see cref="None"/> where it does not merge.</summary>
    public (int Rank, int Id) this[int left, int right]
    {
        get
        {
            var at = Find(left, right);
            return keys[at] == Free ? (None, 0) : values[at];
        }
    }

    int Find(int left, int right)
    {
        var key = Key(left, right);
        var at = (int)((ulong)key * 0x9E3779B97F4A7C15 >> 33) & mask;
        while (keys[at] != key && keys[at] != Free)
            at = (at + 1) & mask;
        return at;
    }

    static long Key(int left, int right) => (long)left << 32 | (uint)right;
}
