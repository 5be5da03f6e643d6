using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace Rlef.Policy;

/// <summary>
/// A layer of Llama (Touvron et al. 2023): RMSNorm before grouped-query attention with rotary positions, and before a SwiGLU feed-forward. Qwen 2 adds
/// biases to queries, keys and values, Qwen 3 instead normalizes each head's queries and keys.
/// </summary>
sealed class LlamaBlock(ModelConfig config, IReadOnlyDictionary<string, Parameter> all, Adapters adapters, int index) : IBlock
{
    readonly Parameter attentionNorm = all[$"model.layers.{index}.input_layernorm.weight"],
        feedForwardNorm = all[$"model.layers.{index}.post_attention_layernorm.weight"];
    readonly Linear query = new(all, adapters, $"model.layers.{index}.self_attn.q_proj"), key = new(all, adapters, $"model.layers.{index}.self_attn.k_proj"),
        value = new(all, adapters, $"model.layers.{index}.self_attn.v_proj"), output = new(all, adapters, $"model.layers.{index}.self_attn.o_proj"),
        gate = new(all, adapters, $"model.layers.{index}.mlp.gate_proj"), up = new(all, adapters, $"model.layers.{index}.mlp.up_proj"),
        down = new(all, adapters, $"model.layers.{index}.mlp.down_proj");
    readonly Parameter? queryNorm = all.GetValueOrDefault($"model.layers.{index}.self_attn.q_norm.weight"),
        keyNorm = all.GetValueOrDefault($"model.layers.{index}.self_attn.k_norm.weight");

    sealed class Linear(IReadOnlyDictionary<string, Parameter> all, Adapters adapters, string name)
    {
        readonly string weightName = name + ".weight";
        readonly Parameter weight = all[name + ".weight"];
        readonly Parameter? bias = all.GetValueOrDefault(name + ".bias");

        public Tensor Of(Tensor x) => adapters.Apply(weightName, x, linear(x, weight, bias));
    }

    public Tensor Forward(Tensor x, Func<Tensor, Tensor, Tensor, Tensor> attend)
    {
        long b = x.shape[0], t = x.shape[1], size = config.HeadSize;
        var h = Ops.RmsNorm(x, attentionNorm, config.RmsNormEps);
        var q = query.Of(h).view(b, t, config.NumAttentionHeads, size);
        var k = key.Of(h).view(b, t, config.NumKeyValueHeads, size);
        var v = value.Of(h).view(b, t, config.NumKeyValueHeads, size);
        if (queryNorm is not null)
            (q, k) = (Ops.RmsNorm(q, queryNorm, config.RmsNormEps), Ops.RmsNorm(k, keyNorm!, config.RmsNormEps));
        x = x.Add(output.Of(attend(q, k, v).reshape(b, t, config.AttentionSize)));
        h = Ops.RmsNorm(x, feedForwardNorm, config.RmsNormEps);
        return x.Add(down.Of(Ops.SwiGlu(gate.Of(h), up.Of(h))));
    }
}
