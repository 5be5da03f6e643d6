using TorchSharp.Modules;

namespace TorchSharp.Modules
{
    /// <summary>A tensor that is learned.</summary>
    public sealed class Parameter : torch.Tensor
    {
        public Parameter(torch.Tensor data, bool requires_grad = true) : base(Native.rt_share(data.detach().Handle)) =>
            this.requires_grad = requires_grad;
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static class nn
        {
            public static class functional
            {
                public static Tensor linear(Tensor input, Tensor weights, Tensor? bias = null) => Ops.linear.Call(input, weights, bias);
                public static Tensor silu(Tensor x, bool inplace = false) => Ops.silu.Call(x);
                public static Tensor relu(Tensor x, bool inplace = false) => Ops.relu.Call(x);
                public static Tensor softmax(Tensor input, long dim) => input.softmax(dim);
                public static Tensor log_softmax(Tensor x, long dim) => x.log_softmax(dim);

                /// <summary>softmax(query keyᵀ / √size + mask) value, each [batch, heads, places, size]; since libtorch 2.0.</summary>
                public static Tensor scaled_dot_product_attention(Tensor query, Tensor key, Tensor value, Tensor? attn_mask = null, double p = 0.0, bool is_casual = false) =>
                    Ops.scaledDotProductAttention.Call(query, key, value, attn_mask, p, is_casual);

                public static Tensor cross_entropy(Tensor input, Tensor target) => Ops.crossEntropy.Call(input, target);
            }

            public static class utils
            {
                /// <summary>Scales the gradients down so that their joint norm is at most <paramref name="max_norm"/>.</summary>
                /// <returns>The norm before.</returns>
                public static double clip_grad_norm_(IEnumerable<Parameter> tensors, double max_norm)
                {
                    using var scope = NewDisposeScope();
                    using var _ = no_grad();
                    var gradients = tensors.Select(p => p.grad).Where(g => g is not null).Select(g => g!).ToList();
                    if (gradients.Count == 0)
                        return 0;
                    var norm = stack([.. gradients.Select(g => g.norm())]).norm().item<float>();
                    var scale = max_norm / (norm + 1e-6);
                    if (scale < 1)
                        foreach (var gradient in gradients)
                            gradient.mul_(scale);
                    return norm;
                }
            }
        }

        public static class optim
        {
            public static AdamW AdamW(IEnumerable<Parameter> parameters, double lr = 1e-3, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-8,
                double weight_decay = 0) => new(parameters, lr, beta1, beta2, eps, weight_decay);
        }
    }
}
