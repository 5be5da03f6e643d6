using Rlef.Policy;

namespace Rlef.Benchmarks;

/// <summary>
/// A model's sides in Python: plain torch, and transformers where that Python has it. The environment variable names the Python, else Debian's is taken.
/// </summary>
sealed class PythonPeers : IDisposable
{
    public const string Variable = "RLEF_BENCH_PYTHON";

    readonly Peer torch;
    readonly Peer? transformers;

    public PythonPeers(Target target, ModelConfig model, string measure, params (string Name, int Value)[] sizes)
    {
        torch = Peer.Python("reference_model.py", "Python", target, model, measure, sizes) ?? throw new InvalidOperationException($"{Peer.PythonProgram} has no torch.");
        transformers = Peer.Python("reference_transformers.py", "transformers", target, model, measure, sizes);
    }

    /// <summary>Torch's, and transformers' where it is there.</summary>
    public IReadOnlyList<Contender> Sides => [.. Peers.Select(p => p.Side)];

    /// <summary>What was measured of each of the <see cref="Sides"/>.</summary>
    /// <param name="value">The unit that is reported, of milliseconds.</param>
    public IEnumerable<Beside> Measured(IEnumerable<Timing> timings, Func<double, double> value) => Peers.Zip(timings, (peer, timing) =>
        new Beside(peer.Side.Name, value(timing.Milliseconds), timing.Threads, peer.Dispatches));

    /// <summary>Of the libraries on the other side.</summary>
    public IReadOnlyList<(string Name, string Version)> Versions =>
        transformers is null ? [("python_torch", torch.Version("torch"))] : [("python_torch", torch.Version("torch")), ("transformers", transformers.Version("transformers"))];

    IReadOnlyList<Peer> Peers => transformers is null ? [torch] : [torch, transformers];

    public void Dispose()
    {
        torch.Dispose();
        transformers?.Dispose();
    }
}
