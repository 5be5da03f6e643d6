using static TorchSharp.torch;

namespace Rlef.Learning;

/// <summary>Some sequences of similar length, right-padded to one tensor.</summary>
public sealed class Microbatch
{
    Microbatch(IReadOnlyList<TrainingSequence> sequences) => Sequences = sequences;

    public IReadOnlyList<TrainingSequence> Sequences { get; }
    public int Width => Sequences.Max(s => s.Ids.Length);
    public int PaddedTokens => Sequences.Count * Width;

    /// <summary>Sorts by length, so that little is padded, and cuts where the padded size would pass <paramref name="maxTokens"/>.</summary>
    public static List<Microbatch> Split(IEnumerable<TrainingSequence> sequences, int maxTokens)
    {
        List<Microbatch> batches = [];
        List<TrainingSequence> current = [];
        foreach (var sequence in sequences.OrderBy(s => s.Ids.Length))
        {
            if (current.Count > 0 && (current.Count + 1) * sequence.Ids.Length > maxTokens)
            {
                batches.Add(new(current));
                current = [];
            }
            current.Add(sequence);
        }
        if (current.Count > 0)
            batches.Add(new(current));
        return batches;
    }

    /// <summary>Token ids [B, T], padded with 0.</summary>
    public Tensor Ids(Device device)
    {
        var ids = new long[PaddedTokens];
        for (var b = 0; b < Sequences.Count; b++)
            for (var t = 0; t < Sequences[b].Ids.Length; t++)
                ids[b * Width + t] = Sequences[b].Ids[t];
        return tensor(ids, [Sequences.Count, Width]).to(device);
    }

    /// <summary>[N] positions, in the flattened [B·T], from which the response tokens are predicted.</summary>
    public Tensor Positions(Device device) => tensor(Flat((s, b) => s.Positions.Select(p => (long)b * Width + p))).to(device);

    /// <summary>[N] the response tokens.</summary>
    public Tensor Targets(Device device) => tensor(Flat((s, _) => s.Positions.Select(p => (long)s.Ids[p + 1]))).to(device);

    /// <summary>[M] positions, in the flattened [B·T], at which values are read.</summary>
    public Tensor Sites(Device device) => tensor(Flat((s, b) => s.Sites.Select(n => (long)b * Width + s.Positions[n]))).to(device);

    /// <summary>One number for each response token or value site, in the order of the tensors above.</summary>
    public Tensor Gather(Func<TrainingSequence, float[]> select, Device device) => tensor(Flat((s, _) => select(s))).to(device);

    /// <summary>Writes values [N] or [M] back to the sequences.</summary>
    public void Scatter(Tensor values, Func<TrainingSequence, float[]> select)
    {
        var data = values.to(ScalarType.Float32).cpu().data<float>().ToArray();
        var at = 0;
        foreach (var target in Sequences.Select(select))
        {
            Array.Copy(data, at, target, 0, target.Length);
            at += target.Length;
        }
    }

    T[] Flat<T>(Func<TrainingSequence, int, IEnumerable<T>> select) => [.. Sequences.SelectMany(select)];
}
