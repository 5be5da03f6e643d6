using Rlef.Policy;
using TorchSharp.Modules;
using static TorchSharp.torch;
using Transformer = Rlef.Policy.Transformer;

namespace Rlef.Critics;

/// <summary>
/// V(c), the return that is expected of a dialogue that has come to c. It is read at the last token before a response (turn level; RLEF, arXiv 2410.02089, section 2.2) or
/// before each response token (token level), so it never sees what it judges. <see cref="ValueTrunk"/> names the arms.
/// </summary>
public abstract class ValueFunction : IDisposable
{
    readonly Dictionary<string, Parameter> parameters = [];

    /// <inheritdoc cref="RequireLayer" path="/exception"/>
    private protected ValueFunction(Transformer policy, CriticOptions options)
    {
        RequireLayer(policy, options);
        Options = options;
        Features = policy.Config.HiddenSize * (options.Mean ? 2 : 1);
    }

    /// <exception cref="ArgumentException">The policy does not have the layer that a critic would read.</exception>
    public static void RequireLayer(Transformer policy, CriticOptions options)
    {
        if (options.Layer is { } layer && (layer < 0 || layer > policy.Config.NumHiddenLayers))
            throw new ArgumentException($"The critic cannot read after layer {layer}: the policy has {policy.Config.NumHiddenLayers}.");
    }

    /// <inheritdoc cref="RequireLayer" path="/exception"/>
    public static ValueFunction Of(Transformer policy, CriticOptions options) => options.Trunk switch
    {
        ValueTrunk.Separate => new SeparateValueFunction(policy, options),
        ValueTrunk.Shared => new SharedValueFunction(policy, options),
        _ => new FittedValueFunction(policy, options),
    };

    protected CriticOptions Options { get; }

    /// <summary>F, numbers that are read at a place.</summary>
    protected int Features { get; }

    /// <summary>The weights that are learned by gradients.</summary>
    public IReadOnlyDictionary<string, Parameter> Parameters => parameters;

    /// <summary>What is kept of the sites that a regression has seen, by name, for checkpoints.</summary>
    public virtual IEnumerable<(string Name, Tensor Tensor)> Sums => [];

    /// <summary>Takes over <see cref="Sums"/> that were read from a checkpoint.</summary>
    public virtual void Resume()
    {
    }

    /// <summary>A second value function on the same weights, with gradients of its own, for a policy that shares its weights too.</summary>
    public abstract ValueFunction Share(Transformer policy);

    /// <summary>Values [M] at positions [M] of token ids [1, T].</summary>
    /// <param name="lengths">Of the sequences that lie one behind the other in the ids.</param>
    /// <param name="policyStates">What <see cref="Transformer.Hidden(Tensor, IReadOnlyList{int}, ActivationCheckpoints?, HiddenStates?)"/> of the policy kept for the same ids.</param>
    /// <param name="checkpoints">Runs the blocks of a network of its own.</param>
    public abstract Tensor Values(Tensor ids, IReadOnlyList<int> lengths, HiddenStates policyStates, Tensor positions, ActivationCheckpoints? checkpoints = null);

    /// <summary>Lets a regression see what the returns [M] at positions [M] were; a network learns by its loss instead.</summary>
    /// <inheritdoc cref="Values" path="/param"/>
    public virtual void See(IReadOnlyList<int> lengths, HiddenStates policyStates, Tensor positions, Tensor returns)
    {
    }

    /// <summary>Fits a regression to what it and all that share its weights have seen since the last time.</summary>
    /// <param name="shared">This one, and those.</param>
    public virtual void Fit(IReadOnlyList<ValueFunction> shared)
    {
    }

    /// <summary>The state that is read of the policy, to be kept while it runs.</summary>
    public virtual HiddenStates NewStates() => new(Options.Layer);

    private protected void Add(string name, Parameter parameter) => parameters.Add(name, parameter);

    /// <summary>New weights, or other names for those of the source.</summary>
    private protected void Add(string name, ValueFunction? source, double std, Device device, params long[] shape)
    {
        using var scope = NewDisposeScope();
        var parameter = new Parameter(source?.parameters[name].detach() ?? empty(shape).normal_(0, std).to(device));
        parameter.DetachFromDisposeScope();
        parameters.Add(name, parameter);
    }

    /// <summary>w·x + b with w near 0, so that values begin there.</summary>
    /// <param name="width">Of x.</param>
    private protected void AddOutput(ValueFunction? source, Device device, int width)
    {
        Add("value.out.weight", source, 0.01 / Math.Sqrt(width), device, 1, width);
        Add("value.out.bias", source, 0, device, 1);
    }

    /// <summary>[M, width] → [M]</summary>
    private protected Tensor Output(Tensor x) => nn.functional.linear(x, parameters["value.out.weight"], parameters["value.out.bias"]).squeeze(-1);

    /// <summary>[1, T, D] → [M, F], in 32 bits: the states at the positions, and with <see cref="CriticOptions.Mean"/> the means of their sequences up to there.</summary>
    private protected Tensor Read(Tensor states, IReadOnlyList<int> lengths, Tensor positions)
    {
        var all = states.squeeze(0).to(ScalarType.Float32);
        var last = all.index_select(0, positions);
        return Options.Mean ? cat([last, MeanSoFar(all, lengths).index_select(0, positions)], -1) : last;
    }

    // [T, D] → [T, D]
    static Tensor MeanSoFar(Tensor states, IReadOnlyList<int> lengths) => cat([.. states.split([.. lengths.Select(n => (long)n)]).Select(part =>
        part.cumsum(0) / Arithmetic.Range(part.shape[0], states.device, ScalarType.Float32, first: 1).unsqueeze(-1))]);

    public virtual void Dispose()
    {
        GC.SuppressFinalize(this);
        foreach (var parameter in parameters.Values)
            parameter.Dispose();
    }
}
