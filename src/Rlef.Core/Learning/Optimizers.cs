using Rlef.Policy;
using TorchSharp.Modules;
using static TorchSharp.torch;
using Transformer = Rlef.Policy.Transformer;

namespace Rlef.Learning;

/// <summary>AdamW for the policy and for the value function, each with its learning rate, warm-up and gradient clipping.</summary>
public sealed class Optimizers : IDisposable
{
    readonly TrainingConfig config;
    readonly Transformer policy;
    readonly ValueFunction value;
    readonly AdamW policyOptimizer, valueOptimizer;

    public Optimizers(Transformer policy, ValueFunction value, TrainingConfig config)
    {
        (this.policy, this.value, this.config) = (policy, value, config);
        policyOptimizer = optim.AdamW(policy.Parameters.Values, config.LearningRate, 0.9, 0.95, 1e-8, config.WeightDecay);
        valueOptimizer = optim.AdamW(value.Parameters.Values, config.ValueLearningRate, 0.9, 0.95, 1e-8, config.WeightDecay);
    }

    /// <summary>Steps taken so far.</summary>
    public long Steps { get; private set; }

    /// <summary>Both moments of every parameter by name, for checkpoints.</summary>
    public IEnumerable<(string Name, Tensor Tensor)> State =>
        Moments("policy", policy.Parameters.Keys, policyOptimizer).Concat(Moments("value", value.Parameters.Keys, valueOptimizer));

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
        Steps++;
        var warmup = Math.Min(1.0, Steps / (double)Math.Max(1, config.WarmupSteps));
        var norm = Step(policyOptimizer, policy.Parameters.Values, config.LearningRate * warmup);
        if (config.AdvantageLevel != AdvantageLevel.Reward)
            Step(valueOptimizer, value.Parameters.Values, config.ValueLearningRate * warmup);
        return (norm, config.LearningRate * warmup);
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
