using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Rlef.Policy;

/// <summary>
/// <see cref="Ops.RmsNorm"/> on the CPU in 32-bit floats, with one walk through memory forward and one back. In libtorch's single operations it is six and
/// about twelve, which takes four times as long, and a copy of the input more is kept for the way back.
/// </summary>
/// <remarks>With s = 1 / rms(x) and h = gradient · weight, the input's gradient is s h − s³ x (h · x) / D.</remarks>
sealed class FusedRmsNorm : autograd.SingleTensorFunction<FusedRmsNorm>
{
    // Gradients of the weight are added up in runs of this many rows, then the runs: one long sum in 32 bits would round more.
    const int Run = 128;

    public override string Name => nameof(FusedRmsNorm);

    /// <summary>Whether the operands are ones that this serves.</summary>
    public static bool Serves(Tensor x, Tensor weight) => x.dtype == ScalarType.Float32 && weight.dtype == ScalarType.Float32 && x.device_type == DeviceType.CPU
        && x.is_contiguous() && weight.is_contiguous() && x.numel() < int.MaxValue / sizeof(float);

    /// <param name="x">[..., D]</param>
    /// <param name="weight">[D]</param>
    /// <exception cref="ArgumentException">The sizes differ.</exception>
    public static Tensor Apply(Tensor x, Tensor weight, float epsilon) => x.size(-1) != weight.numel()
        ? throw new ArgumentException($"A norm of {weight.numel()} weights does not fit rows of {x.size(-1)}.", nameof(weight))
        : is_grad_enabled() && (x.requires_grad || weight.requires_grad) ? apply(x, weight, epsilon) : Forward(x, weight, epsilon, scales: null);

    public override Tensor forward(autograd.AutogradContext context, params object[] arguments)
    {
        var (x, weight) = ((Tensor)arguments[0], (Tensor)arguments[1]);
        var scales = empty(x.numel() / weight.numel());
        context.save_for_backward([x, weight, scales]);
        return Forward(x, weight, (float)arguments[2], scales);
    }

    static Tensor Forward(Tensor x, Tensor weight, float epsilon, Tensor? scales)
    {
        var result = empty_like(x);
        Span<float> from = Floats(x), w = Floats(weight), to = Floats(result), kept = scales is null ? default : Floats(scales);
        for (int at = 0, row = 0; at < from.Length; at += w.Length, row++)
        {
            Span<float> source = from.Slice(at, w.Length), target = to.Slice(at, w.Length);
            var scale = 1 / MathF.Sqrt(TensorPrimitives.SumOfSquares<float>(source) / w.Length + epsilon);
            TensorPrimitives.Multiply(source, scale, target);
            TensorPrimitives.Multiply(target, w, target);
            if (scales is not null)
                kept[row] = scale;
        }
        return result;
    }

    public override List<Tensor> backward(autograd.AutogradContext context, Tensor gradient)
    {
        var saved = context.get_saved_variables();
        using Tensor x = saved[0], weight = saved[1], scales = saved[2], given = gradient, dense = gradient.contiguous();
        var (ofX, ofWeight) = (empty_like(x), zeros_like(weight));
        Span<float> from = Floats(x), w = Floats(weight), kept = Floats(scales), g = Floats(dense), to = Floats(ofX), total = Floats(ofWeight);
        Span<float> run = new float[w.Length], product = new float[w.Length];
        for (int at = 0, row = 0; at < from.Length; at += w.Length, row++)
        {
            Span<float> source = from.Slice(at, w.Length), above = g.Slice(at, w.Length), target = to.Slice(at, w.Length);
            var scale = kept[row];
            TensorPrimitives.Multiply(above, source, product);
            TensorPrimitives.MultiplyAdd(product, scale, run, run);
            TensorPrimitives.Multiply(above, w, target);
            var along = TensorPrimitives.Dot<float>(target, source) * scale * scale / w.Length;
            TensorPrimitives.MultiplyAdd(source, -along, target, target);
            TensorPrimitives.Multiply(target, scale, target);
            if (row % Run == Run - 1 || at + w.Length == from.Length)
            {
                TensorPrimitives.Add(total, run, total);
                run.Clear();
            }
        }
        return [ofX, ofWeight, null!];
    }

    static Span<float> Floats(Tensor tensor) => MemoryMarshal.Cast<byte, float>(tensor.bytes);
}
