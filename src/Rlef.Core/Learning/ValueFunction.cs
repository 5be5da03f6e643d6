using Rlef.Policy;
using TorchSharp.Modules;
using static TorchSharp.torch;
using Transformer = Rlef.Policy.Transformer;

namespace Rlef.Learning;

/// <summary>
/// Predicts the return from the dialogue so far. It is read at the last token before a response (turn level) or before each response
/// token (token level), so it never sees what it judges.
/// </summary>
public sealed class ValueFunction : IDisposable
{
    readonly Transformer? trunk;
    readonly Dictionary<string, Parameter> parameters = [];

    readonly ValueTrunk kind;

    public ValueFunction(Transformer policy, ValueTrunk kind) : this(policy, kind, source: null) { }

    // The weights are new, or other names for those of the source.
    ValueFunction(Transformer policy, ValueTrunk kind, ValueFunction? source)
    {
        this.kind = kind;
        int d = policy.Config.HiddenSize, wide = 2 * d;
        if (kind == ValueTrunk.Separate)
        {
            trunk = source?.trunk!.Share() ?? policy.Snapshot();
            if (source is null && policy.Lora is { } lora)
                trunk.AddLora(lora);
            foreach (var (name, parameter) in trunk.Trained)
                parameters.Add(name, parameter);
        }
        else
        {
            Add("value.in.weight", 1 / Math.Sqrt(d), wide, d);
            Add("value.in.bias", 0, wide);
            d = wide;
        }
        Add("value.out.weight", 0.01 / Math.Sqrt(d), 1, d);
        Add("value.out.bias", 0, 1);

        void Add(string name, double std, params long[] shape)
        {
            using var scope = NewDisposeScope();
            var parameter = new Parameter(source?.parameters[name].detach() ?? empty(shape).normal_(0, std).to(policy.Device));
            parameter.DetachFromDisposeScope();
            parameters.Add(name, parameter);
        }
    }

    /// <summary>The weights that are learned. Beside a policy of which only adapters are, those of a trunk of its own are adapters too.</summary>
    public IReadOnlyDictionary<string, Parameter> Parameters => parameters;

    /// <summary>A second value function on the same weights, with gradients of its own, for a policy that shares its weights too.</summary>
    public ValueFunction Share(Transformer policy) => new(policy, kind, this);

    /// <summary>Values [N] at positions [N] of token ids [1, T].</summary>
    /// <param name="lengths">Of the sequences that lie one behind the other in the ids.</param>
    /// <param name="policyHidden">The policy's hidden states [1, T, D] for the same ids.</param>
    /// <param name="checkpoints">Runs the blocks of a trunk of its own.</param>
    public Tensor Values(Tensor ids, IReadOnlyList<int> lengths, Tensor policyHidden, Tensor positions, ActivationCheckpoints? checkpoints = null)
    {
        var source = trunk is null ? policyHidden.detach() : trunk.Hidden(ids, lengths, checkpoints);
        var h = source.squeeze(0).index_select(0, positions).to(ScalarType.Float32);
        if (trunk is null)
            h = nn.functional.silu(nn.functional.linear(h, parameters["value.in.weight"], parameters["value.in.bias"]));
        return nn.functional.linear(h, parameters["value.out.weight"], parameters["value.out.bias"]).squeeze(-1);
    }

    public void Dispose()
    {
        trunk?.Dispose();
        foreach (var parameter in parameters.Values)
            parameter.Dispose();
    }
}
