using Rlef.Policy;
using TorchSharp.Modules;
using static TorchSharp.torch;
using Transformer = Rlef.Policy.Transformer;

namespace Rlef.Critics;

/// <summary>
/// V(c) = w·f(h(c)) + b, the return that is expected of a dialogue that has come to c. It is read at the last token before a response (turn level; RLEF, arXiv 2410.02089,
/// section 2.2) or before each response token (token level), so it never sees what it judges.
/// </summary>
/// <remarks>
/// By <see cref="CriticOptions.Trunk"/>: h from a network of its own and f = 1, as in the paper; or, deviations, h from the policy's hidden states, without gradient into them, and f a
/// layer of SiLU (<see cref="ValueTrunk.Shared"/>) or 1 and w fitted by <see cref="LeastSquares"/>.
/// </remarks>
public sealed class ValueFunction : IDisposable
{
    readonly Transformer? trunk;
    readonly Dictionary<string, Parameter> parameters = [];
    readonly LeastSquares? regression;
    readonly Tensor? seen;
    readonly bool owns;
    readonly CriticOptions options;

    /// <exception cref="ArgumentException">The policy has no such layer.</exception>
    public ValueFunction(Transformer policy, CriticOptions options) : this(policy, options, source: null) { }

    // The weights are new, or other names for those of the source.
    ValueFunction(Transformer policy, CriticOptions options, ValueFunction? source)
    {
        if (options.Layer is { } layer && (layer < 0 || layer > policy.Config.NumHiddenLayers))
            throw new ArgumentException($"The critic cannot read after layer {layer}: the policy has {policy.Config.NumHiddenLayers}.");
        (this.options, owns) = (options, source is null);
        int d = policy.Config.HiddenSize * (options.Mean ? 2 : 1), wide = 2 * policy.Config.HiddenSize;
        if (options.Trunk == ValueTrunk.LeastSquares)
        {
            regression = source?.regression ?? new(d, policy.Device);
            seen = LeastSquares.NewSums(d, policy.Device);
            return;
        }
        if (options.Trunk == ValueTrunk.Separate)
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

    /// <summary>The weights that are learned by gradients. Beside a policy of which only adapters are, those of a trunk of its own are adapters too.</summary>
    public IReadOnlyDictionary<string, Parameter> Parameters => parameters;

    /// <summary>What is kept of the sites that a regression has seen, by name, for checkpoints.</summary>
    public IEnumerable<(string Name, Tensor Tensor)> Sums => regression is null ? [] : [("value.sums", regression.Sums)];

    /// <summary>Takes over <see cref="Sums"/> that were read from a checkpoint.</summary>
    public void Resume() => regression?.Solve();

    /// <summary>A second value function on the same weights, with gradients of its own, for a policy that shares its weights too.</summary>
    public ValueFunction Share(Transformer policy) => new(policy, options, this);

    /// <summary>Values [M] at positions [M] of token ids [1, T].</summary>
    /// <param name="lengths">Of the sequences that lie one behind the other in the ids.</param>
    /// <param name="policyStates">What <see cref="Transformer.Hidden(Tensor, IReadOnlyList{int}, ActivationCheckpoints?, HiddenStates?)"/> of the policy kept for the same ids.</param>
    /// <param name="checkpoints">Runs the blocks of a trunk of its own.</param>
    public Tensor Values(Tensor ids, IReadOnlyList<int> lengths, HiddenStates policyStates, Tensor positions, ActivationCheckpoints? checkpoints = null)
    {
        var states = trunk is null ? policyStates : new HiddenStates(options.Layer);
        trunk?.Hidden(ids, lengths, checkpoints, states);
        var all = (trunk is null ? states.Kept.detach() : states.Kept).squeeze(0).to(ScalarType.Float32);
        var h = Features(all, lengths, positions);
        if (regression is not null)
            return regression.Predict(h);
        if (trunk is null)
            h = nn.functional.silu(nn.functional.linear(h, parameters["value.in.weight"], parameters["value.in.bias"]));
        return nn.functional.linear(h, parameters["value.out.weight"], parameters["value.out.bias"]).squeeze(-1);
    }

    /// <summary>Lets a regression see what the returns [M] at positions [M] were; a network learns by its loss instead.</summary>
    /// <inheritdoc cref="Values" path="/param"/>
    public void See(IReadOnlyList<int> lengths, HiddenStates policyStates, Tensor positions, Tensor returns)
    {
        if (seen is not null)
            LeastSquares.Add(seen, Features(policyStates.Kept.detach().squeeze(0).to(ScalarType.Float32), lengths, positions), returns);
    }

    /// <summary>Fits a regression to what it and all that share its weights have seen since the last time.</summary>
    public static void Fit(IReadOnlyList<ValueFunction> shared)
    {
        if (shared[0].regression is not { } regression)
            return;
        regression.Learn(shared.Select(v => v.seen!));
        foreach (var view in shared)
            view.seen!.zero_();
    }

    // [T, D] → [M, D], or [M, 2 D] with the means.
    Tensor Features(Tensor states, IReadOnlyList<int> lengths, Tensor positions)
    {
        var last = states.index_select(0, positions);
        return options.Mean ? cat([last, MeanSoFar(states, lengths).index_select(0, positions)], -1) : last;
    }

    /// <summary>The state that a critic on the policy's own trunk reads, to be kept while the policy runs.</summary>
    public HiddenStates NewStates() => new(trunk is null ? options.Layer : null);

    // [T, D] → [T, D]: at each place the mean of its sequence up to there.
    static Tensor MeanSoFar(Tensor states, IReadOnlyList<int> lengths) => cat([.. states.split([.. lengths.Select(n => (long)n)]).Select(part =>
        part.cumsum(0) / arange(1, part.shape[0] + 1, ScalarType.Float32, states.device).unsqueeze(-1))]);

    public void Dispose()
    {
        trunk?.Dispose();
        seen?.Dispose();
        if (owns)
            regression?.Dispose();
        foreach (var parameter in parameters.Values)
            parameter.Dispose();
    }
}
