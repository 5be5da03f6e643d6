using Rlef.Policy;
using static TorchSharp.torch;
using Transformer = Rlef.Policy.Transformer;

namespace Rlef.Critics;

/// <summary>
/// V(c) = w·silu(U h(c) + u) + b, h from the policy's hidden states, through which no gradient flows back; learned by gradients (<see cref="ValueLoss"/>). A value head on a
/// shared trunk is usual for PPO (arXiv 1707.06347, section 5); deviations: there the trunk learns from the values too, and RLEF has a network of its own instead.
/// </summary>
sealed class SharedValueFunction : ValueFunction
{
    public SharedValueFunction(Transformer policy, CriticOptions options) : this(policy, options, null) { }

    SharedValueFunction(Transformer policy, CriticOptions options, SharedValueFunction? source) : base(policy, options)
    {
        var wide = 2 * policy.Config.HiddenSize;
        Add("value.in.weight", source, 1 / Math.Sqrt(Features), policy.Device, wide, Features);
        Add("value.in.bias", source, 0, policy.Device, wide);
        AddOutput(source, policy.Device, wide);
    }

    public override ValueFunction Share(Transformer policy) => new SharedValueFunction(policy, Options, this);

    public override Tensor Values(Tensor ids, IReadOnlyList<int> lengths, HiddenStates policyStates, Tensor positions, ActivationCheckpoints? checkpoints = null) =>
        Output(nn.functional.silu(nn.functional.linear(Read(policyStates.Kept.detach(), lengths, positions), Parameters["value.in.weight"], Parameters["value.in.bias"])));
}
