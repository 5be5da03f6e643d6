using Rlef.Policy;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Rlef.Learning;

/// <summary>
/// What an optimizer steps: the weights themselves, or, for 16-bit weights, copies in 32 bits (Micikevicius et al. 2018). An update of a thousandth of a
/// weight is lost in bfloat16, which has eight bits of it; the copies keep it until it shows.
/// </summary>
public sealed class MasterWeights : IDisposable
{
    readonly Dictionary<string, Parameter> parameters = [];
    readonly List<(Parameter Weight, Parameter Master)> pairs = [];

    /// <param name="weights">Those that are learned, by name.</param>
    public MasterWeights(IEnumerable<KeyValuePair<string, Parameter>> weights)
    {
        using var scope = NewDisposeScope();
        foreach (var (name, weight) in weights)
        {
            var master = weight;
            if (weight.dtype is ScalarType.BFloat16 or ScalarType.Float16)
            {
                master = new Parameter(weight.detach().to(ScalarType.Float32));
                master.DetachFromDisposeScope();
                pairs.Add((weight, master));
            }
            parameters.Add(name, master);
        }
    }

    /// <summary>By name, in 32 bits; those of 32 bits are the model's own.</summary>
    public IReadOnlyDictionary<string, Parameter> Parameters => parameters;

    /// <summary>Adds the gradients of 16-bit weights to those of their copies, in 32 bits, and clears them.</summary>
    public void Collect()
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        foreach (var (weight, master) in pairs)
            if (weight.grad is { } gradient)
            {
                if (master.grad is { } sum)
                    sum.Add_(gradient);
                else
                    master.grad = gradient.to(ScalarType.Float32);
                weight.grad = null;
            }
    }

    /// <summary>Rounds the copies to the weights.</summary>
    public void Publish()
    {
        using var _ = no_grad();
        foreach (var (weight, master) in pairs)
            weight.copy_(master);
    }

    public void Dispose() => pairs.ForEach(p => p.Master.Dispose());
}
