using Rlef.Policy;
using static TorchSharp.torch;
using Transformer = Rlef.Policy.Transformer;

namespace Rlef.Critics;

/// <summary>
/// V(c) = w·h(c) + b, h from a network of its own that begins as a copy of the policy; learned by gradients (<see cref="ValueLoss"/>). RLEF's own (arXiv 2410.02089,
/// appendix A.1).
/// </summary>
/// <remarks>Deviation: beside a policy of which only adapters are learned, those of this network are adapters too.</remarks>
sealed class SeparateValueFunction : ValueFunction
{
    readonly Transformer trunk;

    public SeparateValueFunction(Transformer policy, CriticOptions options) : this(policy, options, null) { }

    SeparateValueFunction(Transformer policy, CriticOptions options, SeparateValueFunction? source) : base(policy, options)
    {
        trunk = source?.trunk.Share() ?? policy.Snapshot();
        if (source is null && policy.Lora is { } lora)
            trunk.AddLora(lora);
        foreach (var (name, parameter) in trunk.Trained)
            Add(name, parameter);
        AddOutput(source, policy.Device, Features);
    }

    public override ValueFunction Share(Transformer policy) => new SeparateValueFunction(policy, Options, this);

    public override HiddenStates NewStates() => new(null);

    public override Tensor Values(Tensor ids, IReadOnlyList<int> lengths, HiddenStates policyStates, Tensor positions, ActivationCheckpoints? checkpoints = null)
    {
        var states = new HiddenStates(Options.Layer);
        trunk.Hidden(ids, lengths, checkpoints, states);
        return Output(Read(states.Kept, lengths, positions));
    }

    public override void Dispose()
    {
        trunk.Dispose();
        base.Dispose();
    }
}
