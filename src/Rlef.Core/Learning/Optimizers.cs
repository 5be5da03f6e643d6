using Rlef.Policy;
using TorchSharp.Modules;
using static TorchSharp.torch;
using Transformer = Rlef.Policy.Transformer;

namespace Rlef.Learning;

/// <summary>
/// AdamW for the policy and for the value function, each with its learning rate and gradient clipping. Only weights that are learned have
/// moments.
/// </summary>
public sealed class Optimizers : IDisposable
{
    readonly TrainingConfig config;
    readonly Dictionary<string, Parameter> policy, value;
    readonly AdamW policyOptimizer, valueOptimizer;

    public Optimizers(Transformer policy, ValueFunction value, TrainingConfig config)
    {
        (this.policy, this.value, this.config) = (policy.Trained.ToDictionary(), value.Parameters.ToDictionary(), config);
        policyOptimizer = optim.AdamW(this.policy.Values, config.LearningRate, 0.9, 0.95, 1e-8, config.WeightDecay);
        valueOptimizer = optim.AdamW(this.value.Values, config.ValueLearningRate, 0.9, 0.95, 1e-8, config.WeightDecay);
    }

    /// <summary>Steps taken so far.</summary>
    public long Steps { get; private set; }

    /// <summary>Both moments of every learned weight by name, for checkpoints.</summary>
    public IEnumerable<(string Name, Tensor Tensor)> State =>
        Moments("policy", policy.Keys, policyOptimizer).Concat(Moments("value", value.Keys, valueOptimizer));

    /// <summary>Sets the number of steps of moments that were read from a checkpoint.</summary>
    public void Resume(long steps)
    {
        Steps = steps;
        foreach (var optimizer in (AdamW[])[policyOptimizer, valueOptimizer])
            foreach (var state in optimizer.state_dict().State.Cast<AdamW.State>())
                state.step = steps;
    }

    /// <summary>Applies the accumulated gradients and clears them.</summary>
    /// <returns>The policy's gradient norm before clipping, and its learning rate.</returns>
    public (double GradientNorm, double LearningRate) Step()
    {
        var share = config.Schedule.Share(Steps++, config.WarmupSteps, config.TotalSteps);
        var norm = Step(policyOptimizer, policy.Values, config.LearningRate * share);
        if (config.AdvantageLevel != AdvantageLevel.Reward)
            Step(valueOptimizer, value.Values, config.ValueLearningRate * share);
        return (norm, config.LearningRate * share);
    }

    double Step(AdamW optimizer, IEnumerable<Parameter> parameters, double learningRate)
    {
        foreach (var group in optimizer.ParamGroups)
            group.LearningRate = learningRate;
        var norm = nn.utils.clip_grad_norm_(parameters, config.MaxGradientNorm);
        optimizer.step();
        optimizer.zero_grad();
        return norm;
    }

    static IEnumerable<(string, Tensor)> Moments(string prefix, IEnumerable<string> names, AdamW optimizer) =>
        names.Zip(optimizer.state_dict().State.Cast<AdamW.State>()).SelectMany(pair => ((string, Tensor)[])
            [($"{prefix}.{pair.First}.exp_avg", pair.Second.exp_avg), ($"{prefix}.{pair.First}.exp_avg_sq", pair.Second.exp_avg_sq)]);

    public void Dispose()
    {
        policyOptimizer.Dispose();
        valueOptimizer.Dispose();
    }
}
