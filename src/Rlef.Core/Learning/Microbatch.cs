using Rlef.Experience;
using static TorchSharp.torch;

namespace Rlef.Learning;

/// <summary>Some sequences that go through the network together, packed one behind the other: no position is padding.</summary>
public sealed class Microbatch
{
    readonly int[] starts;

    Microbatch(IReadOnlyList<TrainingSequence> sequences)
    {
        (Sequences, Lengths, starts) = (sequences, [.. sequences.Select(s => s.Ids.Length)], new int[sequences.Count]);
        for (var i = 1; i < starts.Length; i++)
            starts[i] = starts[i - 1] + Lengths[i - 1];
    }

    public IReadOnlyList<TrainingSequence> Sequences { get; }

    /// <summary>Tokens of each sequence.</summary>
    public IReadOnlyList<int> Lengths { get; }

    public int Tokens => Lengths.Sum();

    /// <summary>
    /// Sorts by length, since equal lengths are attended to together, and cuts where the tokens, those of hindsights included, would pass
    /// <paramref name="maxTokens"/>; a longer sequence is a microbatch of its own.
    /// </summary>
    public static List<Microbatch> Split(IEnumerable<TrainingSequence> sequences, int maxTokens)
    {
        List<Microbatch> batches = [];
        List<TrainingSequence> current = [];
        var tokens = 0;
        foreach (var sequence in sequences.OrderBy(s => s.Ids.Length))
        {
            var more = sequence.Ids.Length + sequence.Hindsights.Sum(h => h.Ids.Length);
            if (current.Count > 0 && tokens + more > maxTokens)
            {
                batches.Add(new(current));
                (current, tokens) = ([], 0);
            }
            current.Add(sequence);
            tokens += more;
        }
        if (current.Count > 0)
            batches.Add(new(current));
        return batches;
    }

    /// <summary>Token ids [1, T].</summary>
    public Tensor Ids(Device device) => tensor(Flat((s, _) => s.Ids.Select(id => (long)id)), [1, Tokens]).to(device);

    /// <summary>[N] positions from which the response tokens are predicted.</summary>
    public Tensor Positions(Device device) => tensor(Flat((s, start) => s.Positions.Select(p => (long)start + p))).to(device);

    /// <summary>[N] the response tokens.</summary>
    public Tensor Targets(Device device) => tensor(Flat((s, _) => s.Positions.Select(p => (long)s.Ids[p + 1]))).to(device);

    /// <summary>[M] positions at which values are read.</summary>
    public Tensor Sites(Device device) => tensor(Flat((s, start) => s.Sites.Select(n => (long)start + s.Positions[n]))).to(device);

    /// <summary>
    /// The hindsights' token ids one behind the other with the length of each; and for each response token that is in one, its place among the N response
    /// tokens, and that from which it is predicted among the hindsights' ids.
    /// </summary>
    internal (long[] Ids, IReadOnlyList<int> Lengths, long[] Student, long[] Teacher) Hindsights()
    {
        List<long> ids = [], student = [], teacher = [];
        List<int> lengths = [];
        var first = 0;
        foreach (var sequence in Sequences)
        {
            foreach (var hindsight in sequence.Hindsights)
            {
                for (var n = 0; n < sequence.Positions.Length; n++)
                    if (sequence.TurnOf[n] == hindsight.Turn)
                    {
                        student.Add(first + n);
                        teacher.Add(ids.Count + sequence.Positions[n] + hindsight.Shift);
                    }
                ids.AddRange(hindsight.Ids.Select(id => (long)id));
                lengths.Add(hindsight.Ids.Length);
            }
            first += sequence.Positions.Length;
        }
        return ([.. ids], lengths, [.. student], [.. teacher]);
    }

    /// <summary>One number for each response token or value site, in the order of the tensors above.</summary>
    public Tensor Gather(Func<TrainingSequence, double[]> select, Device device) => tensor(Flat((s, _) => select(s).Select(x => (float)x))).to(device);

    /// <summary>Writes values [N] or [M] back to the sequences.</summary>
    public void Scatter(Tensor values, Func<TrainingSequence, double[]> select)
    {
        var data = values.to(ScalarType.Float32).cpu().data<float>().ToArray();
        var at = 0;
        foreach (var target in Sequences.Select(select))
        {
            for (var i = 0; i < target.Length; i++)
                target[i] = data[at++];
        }
    }

    T[] Flat<T>(Func<TrainingSequence, int, IEnumerable<T>> select) => [.. Sequences.SelectMany((s, i) => select(s, starts[i]))];
}
