using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Rlef.Policy;

/// <summary>
/// A decoder of the families Llama, Qwen 2, Qwen 3 or GPT-2. Parameters carry Hugging Face's names. Shapes: B sequences, T tokens, D hidden size,
/// V vocabulary.
/// </summary>
public sealed class Transformer : IDisposable
{
    enum Start { Random, Unset }

    readonly Dictionary<string, Parameter> parameters = [];
    readonly IBlock[] blocks;
    readonly Parameter embedding, finalNorm, head;
    readonly Parameter? positions, finalBias;
    readonly RotaryTables? rotary;
    readonly Adapters adapters = new();
    LoraOptions? lora;
    readonly ScalarType dtype;

    /// <summary>A model with random weights; see <see cref="ParameterShape"/> for their distribution.</summary>
    /// <param name="device">Null for <see cref="Devices.Default"/>.</param>
    public Transformer(ModelConfig config, Device? device = null, ScalarType dtype = ScalarType.Float32)
        : this(config, device, dtype, source: null, Start.Random) { }

    // The weights are new, or other names for those of the source. A parameter takes over the handle of the tensor that it is made of.
    Transformer(ModelConfig config, Device? device, ScalarType dtype, Transformer? source, Start start)
    {
        (Config, Device, this.dtype) = (config, device ?? Devices.Find(), dtype);
        foreach (var shape in ParameterShape.Of(config))
        {
            using var scope = NewDisposeScope();
            var initial = source is not null ? source.parameters[shape.Name].detach()
                : start == Start.Unset ? empty(shape.Shape, dtype, Device)
                : shape.Deviation is { } deviation ? empty(shape.Shape).normal_(0, deviation) : Arithmetic.Full(shape.Shape, shape.Value, ScalarType.Float32);
            var parameter = new Parameter(initial.to(dtype).to(Device));
            parameter.DetachFromDisposeScope();
            parameters.Add(shape.Name, parameter);
        }
        blocks = [.. Enumerable.Range(0, config.NumHiddenLayers).Select(i => config.IsGpt2
            ? (IBlock)new Gpt2Block(config, parameters, adapters, i)
            : new LlamaBlock(config, parameters, adapters, i))];
        embedding = parameters[config.IsGpt2 ? "transformer.wte.weight" : "model.embed_tokens.weight"];
        positions = parameters.GetValueOrDefault("transformer.wpe.weight");
        finalNorm = parameters[config.IsGpt2 ? "transformer.ln_f.weight" : "model.norm.weight"];
        finalBias = parameters.GetValueOrDefault("transformer.ln_f.bias");
        head = config.TieWordEmbeddings ? embedding : parameters["lm_head.weight"];
        rotary = config.IsGpt2 ? null : new(config, Device, dtype);
    }

    /// <summary>A model whose weights are yet to be read.</summary>
    internal static Transformer Unset(ModelConfig config, Device? device, ScalarType dtype) => new(config, device, dtype, null, Start.Unset);

    public ModelConfig Config { get; }
    public Device Device { get; }

    /// <summary>Every weight by its Hugging Face name, in a fixed order.</summary>
    public IReadOnlyDictionary<string, Parameter> Parameters => parameters;

    /// <summary>The weights that are learned: all, or the adapters alone.</summary>
    public IEnumerable<KeyValuePair<string, Parameter>> Trained => parameters.Where(p => p.Value.requires_grad);

    public long ParameterCount => parameters.Values.Sum(p => p.numel());

    /// <summary>Type of the weights.</summary>
    internal ScalarType Dtype => dtype;

    /// <summary>Hidden states after the final norm, [B, T, D], of right-padded token ids [B, T].</summary>
    /// <param name="checkpoints">Runs the blocks; null to compute each once.</param>
    public Tensor Hidden(Tensor ids, ActivationCheckpoints? checkpoints = null)
    {
        var length = ids.shape[1];
        var (cos, sin) = Rotations(length);
        var attention = new CausalAttention(Config, cos?.unsqueeze(1), sin?.unsqueeze(1));
        return Hidden(ids, positions is null ? null : Arithmetic.Range(length, Device), (_, q, k, v) => attention.Attend(q, k, v),
            checkpoints);
    }

    /// <summary>Hidden states after the final norm, [1, N, D], of sequences whose token ids [1, N] lie one behind the other.</summary>
    /// <param name="lengths">Of the sequences, N together.</param>
    /// <param name="checkpoints">Runs the blocks; null to compute each once.</param>
    /// <param name="states">Keeps those of a layer.</param>
    public Tensor Hidden(Tensor ids, IReadOnlyList<int> lengths, ActivationCheckpoints? checkpoints = null, HiddenStates? states = null)
    {
        var places = tensor([.. lengths.SelectMany(n => Enumerable.Range(0, n)).Select(p => (long)p)]).to(Device);
        var (cos, sin) = Rotations(lengths.Max());
        var attention = new PackedAttention(Config, lengths, cos?.index_select(0, places), sin?.index_select(0, places));
        return Hidden(ids, places, (_, q, k, v) => attention.Attend(q, k, v), checkpoints, states);
    }

    /// <summary>Runs the blocks with the caller's attention.</summary>
    /// <param name="places">Position of each token, [T] or [B, T]; only for models with learned positions.</param>
    /// <param name="attend">(layer, q, k, v), each [B, T, heads, size] → mixed values.</param>
    internal Tensor Hidden(Tensor ids, Tensor? places, Func<int, Tensor, Tensor, Tensor, Tensor> attend, ActivationCheckpoints? checkpoints = null,
        HiddenStates? states = null)
    {
        checkpoints ??= new(enabled: false);
        var x = Ops.Embed(embedding, ids);
        if (positions is not null)
            x = x.Add(Ops.Embed(positions, places!));
        states?.See(0, x);
        for (var i = 0; i < blocks.Length; i++)
        {
            var layer = i;
            x = checkpoints.Run(x, h => blocks[layer].Forward(h, (q, k, v) => attend(layer, q, k, v)));
            states?.See(i + 1, x);
        }
        x = checkpoints.Run(x, h => finalBias is null
            ? Ops.RmsNorm(h, finalNorm, Config.RmsNormEps)
            : Ops.LayerNorm(h, finalNorm, finalBias, Config.RmsNormEps));
        states?.See(null, x);
        return x;
    }

    /// <summary>Cosines and sines of the first positions, each [length, head size]; none for a model with learned positions.</summary>
    internal (Tensor? Cos, Tensor? Sin) Rotations(long length) => rotary is null ? (null, null) : rotary.For(length);

    /// <summary>Unnormalised log-probabilities of the next token, [..., V], of hidden states [..., D].</summary>
    public Tensor Logits(Tensor hidden) => nn.functional.linear(hidden, head);

    /// <summary>A second transformer on the same weights, with gradients of its own.</summary>
    public Transformer Share()
    {
        var shared = new Transformer(Config, Device, dtype, this, Start.Unset);
        if (lora is not null)
            shared.Adapt(lora, name => parameters[name]);
        return shared;
    }

    /// <summary>
    /// What the model computes now, to stay so while it learns: a copy, or the same weights where only adapters learn, which as yet change nothing.
    /// </summary>
    public Transformer Snapshot()
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        if (lora is not null && parameters.All(p => !p.Key.EndsWith(".lora_B.weight", StringComparison.Ordinal) || p.Value.abs().max().item<float>() == 0))
            return new(Config, Device, dtype, this, Start.Unset);
        var copy = new Transformer(Config, Device, dtype);
        copy.CopyFrom(this);
        return copy;
    }

    /// <summary>
    /// Freezes the weights and learns low-rank products instead, which start at zero. They are then among <see cref="Parameters"/>, as
    /// <c>….lora_A.weight</c> [rank, inputs] and <c>….lora_B.weight</c> [outputs, rank].
    /// </summary>
    /// <exception cref="ArgumentException">No weight matches the targets, or the rank is not positive.</exception>
    /// <exception cref="InvalidOperationException">The model has adapters already.</exception>
    public void AddLora(LoraOptions options)
    {
        if (lora is not null)
            throw new InvalidOperationException("The model has adapters already; merge them first.");
        if (options.Rank < 1 || !ParameterShape.Of(Config).Any(options.Adapts))
            throw new ArgumentException(
                $"Adapters of rank {options.Rank} for {string.Join(", ", options.Targets ?? ["all matrices"])} fit nothing in this model.", nameof(options));
        Adapt(options, _ => null);
    }

    void Adapt(LoraOptions options, Func<string, Tensor?> existing)
    {
        lora = options;
        foreach (var parameter in parameters.Values)
            parameter.requires_grad = false;
        foreach (var weight in ParameterShape.Of(Config).Where(options.Adapts))
        {
            // GPT-2 stores its matrices the other way round.
            var (outputs, inputs) = Config.IsGpt2 ? (weight.Shape[1], weight.Shape[0]) : (weight.Shape[0], weight.Shape[1]);
            var module = weight.Name[..^".weight".Length];
            var reach = 1 / Math.Sqrt(inputs);
            var a = Add($"{module}.lora_A.weight", () => empty([options.Rank, inputs]).uniform_(-reach, reach));
            var b = Add($"{module}.lora_B.weight", () => zeros([outputs, options.Rank]));
            adapters.Add(weight.Name, a, b, options.Alpha / options.Rank);
        }

        Parameter Add(string name, Func<Tensor> initial)
        {
            using var scope = NewDisposeScope();
            var parameter = new Parameter(existing(name)?.detach() ?? initial().to(dtype).to(Device));
            parameter.DetachFromDisposeScope();
            parameters.Add(name, parameter);
            return parameter;
        }
    }

    /// <summary>Adapters in use, or null.</summary>
    public LoraOptions? Lora => lora;

    internal IEnumerable<string> AdapterNames => parameters.Keys.Where(n => n.Contains(".lora_", StringComparison.Ordinal));

    /// <summary>A weight with its adapter's product added, if it has one.</summary>
    internal Tensor Effective(string name) => adapters.Product(name) is { } product ? parameters[name].Add(Config.IsGpt2 ? product.t() : product) : parameters[name];

    /// <summary>Copies the weights of another transformer of the same shape, its adapters' products added.</summary>
    public void CopyFrom(Transformer other)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        foreach (var (name, parameter) in parameters)
            parameter.copy_(other.Effective(name));
    }

    public void Dispose()
    {
        foreach (var parameter in parameters.Values)
            parameter.Dispose();
        rotary?.Dispose();
    }
}
