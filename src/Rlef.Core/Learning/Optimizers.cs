using System.Globalization;
using Rlef.Critics;
using Rlef.Policy;
using TorchSharp.Modules;
using static TorchSharp.torch;
using Transformer = Rlef.Policy.Transformer;

namespace Rlef.Learning;

/// <summary>
/// AdamW for the policy and for the value function, each with its learning rate and gradient clipping. Only weights that are learned have
/// moments; both are in 32 bits.
/// </summary>
public sealed class Optimizers : IDisposable
{
    readonly TrainingConfig config;
    readonly ValueFunction? critic;
    readonly MasterWeights policy, value;
    readonly AdamW policyOptimizer, valueOptimizer;

    /// <param name="value">Null where no values are learned.</param>
    public Optimizers(Transformer policy, ValueFunction? value, TrainingConfig config)
    {
        (this.policy, this.value, critic, this.config) = (new(policy.Trained), new(value?.Parameters ?? new Dictionary<string, Parameter>()), value, config);
        policyOptimizer = new(this.policy.Parameters, config.WeightDecay);
        valueOptimizer = new(this.value.Parameters, config.WeightDecay);
    }

    /// <summary>Steps taken so far.</summary>
    public long Steps { get; private set; }

    /// <summary>Those of them that changed the policy.</summary>
    public long PolicySteps => policyOptimizer.Steps;

    /// <summary>Those that changed the value function.</summary>
    public long ValueSteps => valueOptimizer.Steps;

    /// <summary>The policy's learned weights by name, for checkpoints.</summary>
    public IEnumerable<(string Name, Tensor Tensor)> PolicyWeights => policy.Parameters.Select(p => (p.Key, (Tensor)p.Value));

    /// <summary>The value function's weights or sums, and both moments of every learned weight, by name, for checkpoints.</summary>
    public IEnumerable<(string Name, Tensor Tensor)> State => value.Parameters.Select(p => ($"weights.{p.Key}", (Tensor)p.Value))
        .Concat(critic?.Sums ?? []).Concat(Moments("policy", policyOptimizer)).Concat(Moments("value", valueOptimizer));

    /// <summary>Takes over weights and moments that were read from a checkpoint.</summary>
    /// <param name="steps">Steps that had been taken.</param>
    /// <param name="policySteps">Those of them that had changed the policy.</param>
    /// <param name="valueSteps">Those that had changed the value function.</param>
    public void Resume(long steps, long policySteps, long valueSteps)
    {
        (Steps, policyOptimizer.Steps, valueOptimizer.Steps) = (steps, policySteps, valueSteps);
        policy.Publish();
        value.Publish();
        critic?.Resume();
    }

    /// <summary>To be called after each backward pass: gradients of 16-bit weights add up in 32 bits.</summary>
    public void Collect()
    {
        policy.Collect();
        value.Collect();
    }

    /// <summary>Applies the accumulated gradients and clears them.</summary>
    /// <param name="place">Of the step in the whole run as it was planned, by which the learning rates go: steps that were skipped do not hold them up.</param>
    /// <param name="learnsPolicy">Whether the policy's weights change.</param>
    /// <param name="learnsValues">Whether the value function's do, if there is one that has weights.</param>
    /// <returns>The policy's gradient norm before clipping, and its learning rate.</returns>
    /// <exception cref="NotFiniteNumberException">A gradient is NaN or infinite; no weight was changed by it.</exception>
    public (double GradientNorm, double LearningRate) Step(long place, bool learnsPolicy, bool learnsValues)
    {
        Steps++;
        var share = config.Schedule.Share(place, config.WarmupSteps, config.TotalSteps);
        var norm = learnsPolicy ? Step(policyOptimizer, policy, config.LearningRate * share) : 0;
        if (!learnsPolicy)
            policyOptimizer.ClearGradients();
        if (learnsValues && value.Parameters.Count > 0)
            Step(valueOptimizer, value, config.Critic.LearningRate * share);
        return (norm, config.LearningRate * share);
    }

    /// <exception cref="NotFiniteNumberException">A weight is NaN or infinite; the message names it.</exception>
    public void Check()
    {
        if (NotFinite.First(PolicyWeights.Concat(State)) is { } name)
            throw new NotFiniteNumberException($"'{name}' holds numbers that are not finite.");
    }

    double Step(AdamW optimizer, MasterWeights weights, double learningRate)
    {
        var norm = nn.utils.clip_grad_norm_(weights.Parameters.Values, config.MaxGradientNorm);
        if (!double.IsFinite(norm))
            throw new NotFiniteNumberException($"the norm of the gradients is not finite ({norm.ToString(CultureInfo.InvariantCulture)}).", norm);
        optimizer.Step(learningRate);
        optimizer.ClearGradients();
        weights.Publish();
        return norm;
    }

    static IEnumerable<(string, Tensor)> Moments(string prefix, AdamW optimizer) => optimizer.Moments.Select(m => ($"{prefix}.{m.Name}", m.Tensor));

    public void Dispose()
    {
        policyOptimizer.Dispose();
        valueOptimizer.Dispose();
        policy.Dispose();
        value.Dispose();
    }
}
