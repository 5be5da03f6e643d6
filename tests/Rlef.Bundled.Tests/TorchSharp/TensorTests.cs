using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace Rlef.Bundled.Tests.Torch;

public sealed class TensorTests
{
    static float[] Values(Tensor t) => t.contiguous().data<float>().ToArray();

    [Fact]
    public void Arithmetic_broadcasts()
    {
        using var scope = NewDisposeScope();
        var a = tensor([1f, 2, 3, 4], [2, 2]);
        Assert.Equal([2, 4, 4, 6], Values(a + tensor([1f, 2])));
        Assert.Equal([0.5f, 1, 1.5f, 2], Values(a / 2));
        Assert.Equal([9, 8, 7, 6], Values(10 - a));
        Assert.Equal([7, 10, 15, 22], Values(a.matmul(a)));
        Assert.Equal([1, 3, 2, 4], Values(a.t()));
        Assert.Equal([3, 7], Values(a.sum(1)));
        Assert.Equal([2, 3], Values(a.mean([0])));
        Assert.Equal([1, 2, 3, 3], Values(a.clamp(max: 3)));
        Assert.Equal([1, float.NegativeInfinity, 3, 4], Values(a.masked_fill(a.eq(full([1], 2f)), float.NegativeInfinity)));
    }

    [Fact]
    public void Order_and_places()
    {
        using var scope = NewDisposeScope();
        var a = tensor([3f, 1, 2, 5, 5, 4], [2, 3]);
        var (values, indices) = a.sort(-1, descending: true, stable: true);
        Assert.Equal([3, 2, 1, 5, 5, 4], Values(values));
        Assert.Equal([0, 2, 1, 0, 1, 2], indices.data<long>().ToArray());
        Assert.Equal([3, 2, 5, 5], Values(a.topk(2).values));
        var sums = tensor([1f, 2, 4, 1, 1, 3], [2, 3]);
        Assert.Equal([2, 2], searchsorted(sums, tensor([2f, 1], [2, 1]), right: true).data<long>().ToArray());
        Assert.Equal([1, 0], searchsorted(sums, tensor([2f, 1], [2, 1])).data<long>().ToArray());
        Assert.Equal([5, 3, 4, 7, 7, 6], Values(a.add_(2)));
    }

    [Fact]
    public void Gradients_are_those_of_calculus()
    {
        using var scope = NewDisposeScope();
        var x = tensor([1f, -2, 3]).requires_grad_();
        (x.pow(3) * 2 + x.exp()).sum().backward();
        foreach (var (value, gradient) in new[] { 1.0, -2, 3 }.Zip(Values(x.grad!)))
            Assert.Equal(6 * value * value + Math.Exp(value), gradient, 4);
        using (no_grad())
            Assert.False((x * 2).requires_grad);
    }

    [Fact]
    public void An_error_names_the_operator_and_the_shapes()
    {
        using var scope = NewDisposeScope();
        var e = Assert.Throws<ExternalException>(() => ones([2, 3]).matmul(ones([2, 3])));
        Assert.Contains("matmul([2, 3], [2, 3])", e.Message);
    }

    [Fact]
    public void A_scope_frees_what_was_made_in_it_and_keeps_what_was_moved_out()
    {
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        Tensor kept;
        using (NewDisposeScope())
        {
            using (NewDisposeScope())
                kept = (ones([3]) + 1).MoveToOuterDisposeScope();
            Assert.Equal(before + 1, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
            Assert.Equal([2, 2, 2], Values(kept));
        }
        Assert.True(kept.IsInvalid);
        Assert.Throws<ObjectDisposedException>(() => kept + 1);
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [Fact]
    public void Gradients_are_clipped_to_their_joint_norm()
    {
        using var scope = NewDisposeScope();
        TorchSharp.Modules.Parameter a = new(zeros([1])), b = new(zeros([1]));
        (a * 3 + b * 4).sum().backward();
        Assert.Equal(5, nn.utils.clip_grad_norm_([a, b], 1), 5);
        Assert.Equal(0.6f, a.grad!.item<float>(), 4);
        Assert.Equal(0.8f, b.grad!.item<float>(), 4);
    }

    [Fact]
    public void AdamW_takes_the_steps_of_its_paper()
    {
        using var scope = NewDisposeScope();
        var parameter = new TorchSharp.Modules.Parameter(tensor([1f, -1]));
        using var optimizer = optim.AdamW([parameter], 0.1, 0.9, 0.99, 1e-8, 0.5);
        double[] x = [1, -1], m = [0, 0], v = [0, 0];
        for (var step = 1; step <= 20; step++)
        {
            optimizer.zero_grad();
            parameter.pow(3).sum().backward();
            optimizer.step();
            for (var i = 0; i < 2; i++)
            {
                var g = 3 * x[i] * x[i];
                x[i] *= 1 - 0.1 * 0.5;
                (m[i], v[i]) = (0.9 * m[i] + 0.1 * g, 0.99 * v[i] + 0.01 * g * g);
                x[i] -= 0.1 * m[i] / (1 - Math.Pow(0.9, step)) / (Math.Sqrt(v[i] / (1 - Math.Pow(0.99, step))) + 1e-8);
            }
        }
        foreach (var (expected, actual) in x.Zip(Values(parameter.detach())))
            Assert.Equal(expected, actual, 4);
    }
}
