using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Rlef.Policy;

/// <summary>A layer of GPT-2 (Radford et al. 2019): LayerNorm, attention over all heads, a feed-forward with GELU; every step has a bias.</summary>
sealed class Gpt2Block(ModelConfig config, IReadOnlyDictionary<string, Parameter> all, Adapters adapters, int index) : IBlock
{
    public Tensor Forward(Tensor x, Func<Tensor, Tensor, Tensor, Tensor> attend)
    {
        long b = x.shape[0], t = x.shape[1];
        var parts = Affine(Norm(x, "ln_1"), "attn.c_attn").chunk(3, -1);
        Tensor Heads(Tensor part) => part.reshape(b, t, config.NumAttentionHeads, config.HeadSize);
        x = x.Add(Affine(attend(Heads(parts[0]), Heads(parts[1]), Heads(parts[2])).reshape(b, t, config.HiddenSize), "attn.c_proj"));
        return x.Add(Affine(Ops.Gelu(Affine(Norm(x, "ln_2"), "mlp.c_fc"), config.ExactGelu), "mlp.c_proj"));
    }

    Tensor Norm(Tensor x, string name) => Ops.LayerNorm(x, Get(name + ".weight"), Get(name + ".bias"), config.RmsNormEps);
    Tensor Affine(Tensor x, string name) => adapters.Apply($"transformer.h.{index}.{name}.weight", x, nn.functional.linear(x, Get(name + ".weight").t(), Get(name + ".bias")));
    Parameter Get(string name) => all[$"transformer.h.{index}.{name}"];
}
