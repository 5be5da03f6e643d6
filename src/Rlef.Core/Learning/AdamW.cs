using Rlef.Policy;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Rlef.Learning;

/// <summary>
/// θ ← θ − η (λ θ + m̂ / (√v̂ + ε)), with m and v the running means of gradients and of their squares, and m̂ and v̂ the same without the pull of their start at 0
/// (Loshchilov and Hutter 2019, arXiv 1711.05101, algorithm 2). In the order of PyTorch's operations, whose numbers it gives.
/// </summary>
/// <remarks>TorchSharp has one too, whose scalars may be freed while they are read (<see cref="Arithmetic"/>).</remarks>
public sealed class AdamW : IDisposable
{
    readonly (string Name, Parameter Weight, Tensor Mean, Tensor Square)[] states;
    readonly double decay, beta1, beta2, epsilon;

    /// <param name="weights">By name; each stays the caller's.</param>
    /// <param name="decay">λ.</param>
    /// <param name="beta1">What m keeps of itself at a step.</param>
    /// <param name="beta2">What v keeps.</param>
    /// <param name="epsilon">ε.</param>
    public AdamW(IEnumerable<KeyValuePair<string, Parameter>> weights, double decay = 0.01, double beta1 = 0.9, double beta2 = 0.95, double epsilon = 1e-8)
    {
        (this.decay, this.beta1, this.beta2, this.epsilon) = (decay, beta1, beta2, epsilon);
        using var scope = NewDisposeScope();
        states = [.. weights.Select(w => (w.Key, w.Value, zeros_like(w.Value).DetachFromDisposeScope(), zeros_like(w.Value).DetachFromDisposeScope()))];
    }

    /// <summary>Steps taken.</summary>
    public long Steps { get; set; }

    /// <summary>m and v of every weight, for checkpoints.</summary>
    public IEnumerable<(string Name, Tensor Tensor)> Moments => states.SelectMany(s => ((string, Tensor)[])[($"{s.Name}.exp_avg", s.Mean), ($"{s.Name}.exp_avg_sq", s.Square)]);

    /// <summary>Applies the gradients that are there.</summary>
    /// <param name="learningRate">η.</param>
    public void Step(double learningRate)
    {
        Steps++;
        double ofMean = 1 - Math.Pow(beta1, Steps), ofSquare = 1 - Math.Pow(beta2, Steps);
        using var _ = no_grad();
        foreach (var (_, weight, mean, square) in states)
        {
            using var scope = NewDisposeScope();
            if (weight.grad is not { } gradient)
                continue;
            weight.Mul_(1 - learningRate * decay);
            mean.Mul_(beta1).AddScaled_(gradient, 1 - beta1);
            square.Mul_(beta2).AddProduct_(gradient, gradient, 1 - beta2);
            weight.AddQuotient_(mean, square.sqrt().Div(Math.Sqrt(ofSquare)).Add_(epsilon), -(learningRate / ofMean));
        }
    }

    /// <summary>Sets the gradients to 0.</summary>
    public void ClearGradients()
    {
        foreach (var (_, weight, _, _) in states)
        {
            using var gradient = weight.grad;
            gradient?.zero_();
        }
    }

    public void Dispose()
    {
        foreach (var (_, _, mean, square) in states)
        {
            mean.Dispose();
            square.Dispose();
        }
    }
}
