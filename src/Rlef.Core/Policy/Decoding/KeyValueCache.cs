namespace Rlef.Policy;

/// <summary>
/// Keys and values of every layer and row. Keys lie in blocks of 32 positions as [head size, 32], values as [positions, head size], each head
/// apart, so that attention reads both straight through. A row takes memory once it is used.
/// </summary>
sealed unsafe class KeyValueCache : IDisposable
{
    readonly ModelConfig config;
    readonly int capacity, positions;
    readonly NativeFloats keys, values;

    public KeyValueCache(ModelConfig config, int capacity, int maxLength)
    {
        (this.config, this.capacity) = (config, capacity);
        positions = (maxLength + RowMath.KeyBlock - 1) / RowMath.KeyBlock * RowMath.KeyBlock;
        ValueSize = (config.HeadSize + 7) / 8 * 8;
        var heads = (long)config.NumHiddenLayers * capacity * config.NumKeyValueHeads;
        keys = new NativeFloats(heads * positions * config.HeadSize, clear: false);
        values = new NativeFloats(heads * positions * ValueSize, clear: false);
    }

    /// <summary>Floats of one value, the head size rounded up to 8.</summary>
    public int ValueSize { get; }

    /// <summary>Positions of a row, rounded up to whole blocks.</summary>
    public int Positions => positions;

    public float* Keys(int layer, int row, int head) => keys.Pointer + Head(layer, row, head) * positions * config.HeadSize;
    public float* Values(int layer, int row, int head) => values.Pointer + Head(layer, row, head) * positions * ValueSize;

    /// <summary>Copies what a row holds of its first positions to another row.</summary>
    public void Copy(int from, int length, int row)
    {
        // Keys lie in blocks of positions, of which the last is copied whole.
        var blocks = (length + RowMath.KeyBlock - 1) / RowMath.KeyBlock;
        long keyBytes = (long)blocks * RowMath.KeyBlock * config.HeadSize * sizeof(float), valueBytes = (long)length * ValueSize * sizeof(float);
        for (var layer = 0; layer < config.NumHiddenLayers; layer++)
            for (var head = 0; head < config.NumKeyValueHeads; head++)
            {
                Buffer.MemoryCopy(Keys(layer, from, head), Keys(layer, row, head), keyBytes, keyBytes);
                Buffer.MemoryCopy(Values(layer, from, head), Values(layer, row, head), valueBytes, valueBytes);
            }
    }

    long Head(int layer, int row, int head) => ((long)layer * capacity + row) * config.NumKeyValueHeads + head;

    public void Dispose()
    {
        keys.Dispose();
        values.Dispose();
    }
}
