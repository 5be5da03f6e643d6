using static TorchSharp.torch;

namespace Rlef.Policy;

/// <summary>Keys and values of every layer and row on a device.</summary>
sealed class TensorCache : IDisposable
{
    // Kernels like lengths that are no odd number of elements.
    const int Grain = 64;

    readonly int groups, size;
    readonly Tensor[] keys, values;   // per layer [rows, key-value heads, slots, head size]
    readonly Tensor heads;   // [1, key-value heads] where each head's slots begin within a row

    public TensorCache(ModelConfig config, int rows, int maxLength, ScalarType dtype, Device device)
    {
        (groups, size) = (config.NumKeyValueHeads, config.HeadSize);
        Slots = (maxLength + Grain - 1) / Grain * Grain;
        using var scope = NewDisposeScope();
        keys = [.. Enumerable.Range(0, config.NumHiddenLayers).Select(_ => Empty())];
        values = [.. Enumerable.Range(0, config.NumHiddenLayers).Select(_ => Empty())];
        heads = Arithmetic.Range(groups, device).Mul(Slots).view(1, groups).DetachFromDisposeScope();

        // Zeros: what is masked is still multiplied.
        Tensor Empty() => zeros([rows, groups, Slots, size], dtype, device).DetachFromDisposeScope();
    }

    /// <summary>Slots of a row.</summary>
    public int Slots { get; }

    /// <summary>Where the keys and values of tokens go, [N · key-value heads].</summary>
    /// <param name="rows">[N] row of each token.</param>
    /// <param name="slots">[N] its slot.</param>
    public Tensor Places(Tensor rows, Tensor slots) => rows.Mul((long)groups * Slots).Add(slots).unsqueeze(1).Add(heads).view(-1);

    /// <summary>Writes the keys and values of N tokens, each [N, key-value heads, head size].</summary>
    public void Store(int layer, Tensor places, Tensor k, Tensor v)
    {
        keys[layer].view(-1, size).index_copy_(0, places, k.reshape(-1, size));
        values[layer].view(-1, size).index_copy_(0, places, v.reshape(-1, size));
    }

    /// <summary>The first slots of all rows, or copies of some rows': keys and values, each [rows, key-value heads, length, head size].</summary>
    public (Tensor Keys, Tensor Values) Load(int layer, int length, Tensor? rows = null)
    {
        var (k, v) = (keys[layer].narrow(2, 0, length), values[layer].narrow(2, 0, length));
        return rows is null ? (k, v) : (k.index_select(0, rows), v.index_select(0, rows));
    }

    /// <summary>Copies what a row holds in its first slots to another row.</summary>
    public void Copy(int from, int length, int row)
    {
        using var scope = NewDisposeScope();
        foreach (var tensor in (Tensor[])[.. keys, .. values])
            tensor[row].narrow(1, 0, length).copy_(tensor[from].narrow(1, 0, length));
    }

    public void Dispose()
    {
        foreach (var tensor in (Tensor[])[.. keys, .. values, heads])
            tensor.Dispose();
    }
}
