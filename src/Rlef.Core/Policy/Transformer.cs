using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Rlef.Policy;

/// <summary>
/// A Llama-style decoder: pre-norm blocks of grouped-query attention with rotary positions and a SwiGLU feed-forward, RMSNorm,
/// no biases. Parameters carry Hugging Face's names. Shapes: B sequences, T tokens, D hidden size, V vocabulary.
/// </summary>
public sealed class Transformer : IDisposable
{
    readonly Dictionary<string, Parameter> parameters = [];
    readonly Layer[] layers;
    readonly Parameter embedding, finalNorm, head;
    readonly Tensor cos, sin;

    /// <summary>
    /// Matrices drawn from N(0, 1/inputs), those that write to the residual stream scaled by 1/√(2 layers) as in GPT-2, embeddings from N(0, 0.02²).
    /// A fixed 0.02 everywhere suits wide models only: at D = 128 attention starts so flat that copying from the context is learned late.
    /// </summary>
    public Transformer(ModelConfig config, Device? device = null, ScalarType dtype = ScalarType.Float32)
        : this(config, device, dtype, source: null) { }

    // The weights are new, or other names for those of the source.
    Transformer(ModelConfig config, Device? device, ScalarType dtype, Transformer? source)
    {
        Config = config;
        Device = device ?? CPU;
        int d = config.HiddenSize, f = config.IntermediateSize, kv = config.NumKeyValueHeads * config.HeadSize;
        double wide = 1 / Math.Sqrt(d), residual = 1 / Math.Sqrt(2 * config.NumHiddenLayers);
        embedding = Add("model.embed_tokens.weight", 0.02, config.VocabSize, d);
        layers = new Layer[config.NumHiddenLayers];
        for (var i = 0; i < layers.Length; i++)
        {
            var p = $"model.layers.{i}.";
            layers[i] = new Layer(
                Add(p + "input_layernorm.weight", null, d),
                Add(p + "self_attn.q_proj.weight", wide, d, d),
                Add(p + "self_attn.k_proj.weight", wide, kv, d),
                Add(p + "self_attn.v_proj.weight", wide, kv, d),
                Add(p + "self_attn.o_proj.weight", residual * wide, d, d),
                Add(p + "post_attention_layernorm.weight", null, d),
                Add(p + "mlp.gate_proj.weight", wide, f, d),
                Add(p + "mlp.up_proj.weight", wide, f, d),
                Add(p + "mlp.down_proj.weight", residual / Math.Sqrt(f), d, f));
        }
        finalNorm = Add("model.norm.weight", null, d);
        head = config.TieWordEmbeddings ? embedding : Add("lm_head.weight", 0.02, config.VocabSize, d);
        (cos, sin) = Rotary.Tables(config, Device, dtype);

        Parameter Add(string name, double? std, params long[] shape)
        {
            using var scope = NewDisposeScope();
            var initial = source is not null ? source.parameters[name] : std is { } s ? empty(shape).normal_(0, s) : ones(shape);
            var parameter = new Parameter(initial.to(dtype).to(Device));
            parameter.DetachFromDisposeScope();
            parameters.Add(name, parameter);
            return parameter;
        }
    }

    public ModelConfig Config { get; }
    public Device Device { get; }

    /// <summary>Every weight by its Hugging Face name, in a fixed order.</summary>
    public IReadOnlyDictionary<string, Parameter> Parameters => parameters;

    public long ParameterCount => parameters.Values.Sum(p => p.numel());

    /// <summary>Hidden states after the final norm, [B, T, D], of right-padded token ids [B, T].</summary>
    public Tensor Hidden(Tensor ids)
    {
        var length = ids.shape[1];
        var attention = new CausalAttention(Config, cos.narrow(0, 0, length), sin.narrow(0, 0, length));
        return Hidden(ids, (_, q, k, v) => attention.Attend(q, k, v));
    }

    /// <summary>Runs the blocks with the caller's attention: (layer, q, k, v), each [B, T, heads, size] → mixed values.</summary>
    internal Tensor Hidden(Tensor ids, Func<int, Tensor, Tensor, Tensor, Tensor> attend)
    {
        var x = nn.functional.embedding(ids, embedding);
        for (var i = 0; i < layers.Length; i++)
            x = layers[i].Forward(x, i, Config, attend);
        return Ops.RmsNorm(x, finalNorm, Config.RmsNormEps);
    }

    /// <summary>Unnormalised log-probabilities of the next token, [..., V], of hidden states [..., D].</summary>
    public Tensor Logits(Tensor hidden) => nn.functional.linear(hidden, head);

    /// <summary>A second transformer on the same weights, with gradients of its own.</summary>
    public Transformer Share() => new(Config, Device, embedding.dtype, this);

    /// <summary>Copies the weights of another transformer of the same shape.</summary>
    public void CopyFrom(Transformer other)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        foreach (var (name, parameter) in parameters)
            parameter.copy_(other.parameters[name]);
    }

    public void Dispose()
    {
        foreach (var parameter in parameters.Values)
            parameter.Dispose();
        cos.Dispose();
        sin.Dispose();
    }

    sealed record Layer(Parameter AttentionNorm, Parameter Query, Parameter Key, Parameter Value, Parameter Output,
        Parameter FeedForwardNorm, Parameter Gate, Parameter Up, Parameter Down)
    {
        public Tensor Forward(Tensor x, int index, ModelConfig config, Func<int, Tensor, Tensor, Tensor, Tensor> attend)
        {
            long b = x.shape[0], t = x.shape[1], size = config.HeadSize;
            var h = Ops.RmsNorm(x, AttentionNorm, config.RmsNormEps);
            var q = nn.functional.linear(h, Query).view(b, t, config.NumAttentionHeads, size);
            var k = nn.functional.linear(h, Key).view(b, t, config.NumKeyValueHeads, size);
            var v = nn.functional.linear(h, Value).view(b, t, config.NumKeyValueHeads, size);
            x = x + nn.functional.linear(attend(index, q, k, v).reshape(b, t, config.HiddenSize), Output);
            h = Ops.RmsNorm(x, FeedForwardNorm, config.RmsNormEps);
            return x + nn.functional.linear(Ops.SwiGlu(nn.functional.linear(h, Gate), nn.functional.linear(h, Up)), Down);
        }
    }
}
