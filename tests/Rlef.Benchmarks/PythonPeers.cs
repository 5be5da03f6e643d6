using Rlef.Policy;

namespace Rlef.Benchmarks;

/// <summary>
/// A model's sides in Python: plain torch, and transformers where that Python has it. The environment variable names the Python, else Debian's is taken.
/// </summary>
sealed class PythonPeers : IDisposable
{
    public const string Variable = "RLEF_BENCH_PYTHON";

    readonly Peer? torch, transformers;

    public PythonPeers(Target target, ModelConfig model, string measure, params (string Name, int Value)[] sizes)
    {
        torch = Peer.Python("reference_model.py", "Python", target, model, measure, sizes);
        transformers = torch is null ? null : Peer.Python("reference_transformers.py", "transformers", target, model, measure, sizes);
        if (torch is null)
            Console.WriteLine($"{Peer.PythonProgram} has no torch: nothing of Python stands beside");
    }

    /// <summary>Torch's, and transformers' where it is there.</summary>
    public IEnumerable<Contender> Sides => new[] { torch, transformers }.OfType<Peer>().Select(p => p.Side);

    /// <summary>Of the libraries on the other side.</summary>
    public IReadOnlyList<(string Name, string Version)> Versions =>
        [.. torch is null ? [] : new[] { ("python_torch", torch.Version("torch")) }, .. transformers is null ? [] : new[] { ("transformers", transformers.Version("transformers")) }];

    public void Dispose()
    {
        torch?.Dispose();
        transformers?.Dispose();
    }
}
