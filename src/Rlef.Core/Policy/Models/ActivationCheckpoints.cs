using static TorchSharp.torch;

namespace Rlef.Policy;

/// <summary>
/// Gradient checkpointing (Chen et al. 2016): of a step of the forward pass only its input is kept, and the step is computed again when its gradient is
/// due. Memory grows with the inputs of the steps instead of all that happens within, for a second forward pass of time.
/// </summary>
/// <param name="enabled">If not, steps are computed once and keep what their gradient needs.</param>
public sealed class ActivationCheckpoints(bool enabled)
{
    readonly Stack<(Func<Tensor, Tensor> Step, Tensor Input, Tensor Output)> steps = [];

    /// <summary>One step. The tensors that it creates on the way are released as soon as nothing needs them.</summary>
    /// <param name="step">Gives the same result every time.</param>
    public Tensor Run(Tensor input, Func<Tensor, Tensor> step)
    {
        using var scope = NewDisposeScope();
        if (!enabled || !is_grad_enabled())
            return step(input).MoveToOuterDisposeScope();
        using var _ = no_grad();
        var output = step(input).MoveToOuterDisposeScope();
        output.requires_grad = true;
        steps.Push((step, input, output));
        return output;
    }

    /// <summary>Adds the gradients of a loss to all weights that it depends on. Call once.</summary>
    public void Backward(Tensor loss)
    {
        loss.backward();
        while (steps.TryPop(out var last))
        {
            using var scope = NewDisposeScope();
            var (step, input, output) = last;
            // A step on which the loss does not depend has no gradient to pass on.
            if (output.grad is not { } gradient)
                continue;
            output.grad = null;
            var start = input.detach();
            start.requires_grad = true;
            step(start).backward([gradient]);
            if (input.requires_grad)
                input.backward([start.grad!]);
        }
    }
}
