using Rlef.Policy;
using static TorchSharp.torch;
using Transformer = Rlef.Policy.Transformer;

namespace Rlef.Critics;

/// <summary>
/// V(c) = w·h(c) + b, h from the policy's hidden states, w and b fitted after each update to what the last ones returned (<see cref="LeastSquares"/>): nearly free. A linear
/// baseline as in arXiv 1604.06778, section 3; deviations: it reads a language model's states, and remembers former updates.
/// </summary>
sealed class FittedValueFunction : ValueFunction
{
    readonly LeastSquares regression;
    readonly Tensor seen;
    readonly bool owns;

    public FittedValueFunction(Transformer policy, CriticOptions options) : this(policy, options, null) { }

    FittedValueFunction(Transformer policy, CriticOptions options, FittedValueFunction? source) : base(policy, options) =>
        (regression, seen, owns) = (source?.regression ?? new(Features, policy.Device), LeastSquares.NewSums(Features, policy.Device), source is null);

    public override IEnumerable<(string Name, Tensor Tensor)> Sums => [("value.sums", regression.Sums)];

    public override void Resume() => regression.Solve();

    public override ValueFunction Share(Transformer policy) => new FittedValueFunction(policy, Options, this);

    public override Tensor Values(Tensor ids, IReadOnlyList<int> lengths, HiddenStates policyStates, Tensor positions, ActivationCheckpoints? checkpoints = null) =>
        regression.Predict(Read(policyStates.Kept.detach(), lengths, positions));

    public override void See(IReadOnlyList<int> lengths, HiddenStates policyStates, Tensor positions, Tensor returns) =>
        LeastSquares.Add(seen, Read(policyStates.Kept.detach(), lengths, positions), returns);

    public override void Fit(IReadOnlyList<ValueFunction> shared)
    {
        regression.Learn(shared.Cast<FittedValueFunction>().Select(v => v.seen));
        foreach (var view in shared.Cast<FittedValueFunction>())
            view.seen.zero_();
    }

    public override void Dispose()
    {
        seen.Dispose();
        if (owns)
            regression.Dispose();
        base.Dispose();
    }
}
