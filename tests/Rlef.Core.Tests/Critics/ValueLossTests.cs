using Rlef.Critics;
using static Rlef.Core.Tests.Sequences;
using static TorchSharp.torch;

namespace Rlef.Core.Tests.Critics;

public sealed class ValueLossTests
{
    [Fact]
    public void A_value_that_moved_far_enough_is_pushed_no_farther()
    {
        using var scope = NewDisposeScope();
        // Towards the return within the bound, beyond it, and away from it.
        var values = tensor([1.1, 1.5, 0.5]).requires_grad_(true);
        var losses = ValueLoss.Of(values, tensor([1.0, 1, 1]), tensor([2.0, 2, 2]), clip: 0.2);
        Near([0.5 * 0.81, 0.5 * 0.64, 0.5 * 2.25], losses.data<double>().ToArray());
        losses.sum().backward();
        Near([-0.9, 0, -1.5], values.grad!.data<double>().ToArray());
    }
}
