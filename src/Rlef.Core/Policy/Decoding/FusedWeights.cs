using static TorchSharp.torch;

namespace Rlef.Policy;

/// <summary>A transformer's weights as <see cref="FusedDecoder"/> reads them: query, key and value in one matrix, gate and up in another.</summary>
sealed unsafe class FusedWeights : IDisposable
{
    readonly Transformer model;
    readonly List<IDisposable> owned = [];

    /// <param name="positions">Most that will be decoded.</param>
    public FusedWeights(Transformer model, int positions)
    {
        this.model = model;
        var c = model.Config;
        int d = c.HiddenSize, q = c.AttentionSize, kv = c.NumKeyValueHeads * c.HeadSize;
        FeedForwardSize = PackedMatrix.Padded(c.IntermediateSize);
        Embedding = Own(new NativeFloats((long)c.VocabSize * d));
        FinalNorm = Own(new NativeFloats(d));
        Head = Own(new PackedMatrix(d, c.VocabSize));
        Layers = [.. Enumerable.Range(0, c.NumHiddenLayers).Select(_ => new Layer(Own(new NativeFloats(d)), Own(new PackedMatrix(d, q + 2 * kv)),
            Own(new PackedMatrix(q, d)), Own(new NativeFloats(d)), Own(new PackedMatrix(d, 2 * FeedForwardSize)), Own(new PackedMatrix(c.IntermediateSize, d)))
        {
            QueryKeyValueBias = c.QueryBias ? Own(new NativeFloats(q + 2 * kv)) : null,
            OutputBias = c.OutputBias ? Own(new NativeFloats(d)) : null,
            QueryNorm = c.QueryKeyNorm ? Own(new NativeFloats(c.HeadSize)) : null,
            KeyNorm = c.QueryKeyNorm ? Own(new NativeFloats(c.HeadSize)) : null,
            GateUpBias = c.MlpBias ? Own(new NativeFloats(2 * FeedForwardSize)) : null,
            DownBias = c.MlpBias ? Own(new NativeFloats(d)) : null,
        })];
        var frequencies = Rotary.Frequencies(c);
        var (n, half) = (positions, frequencies.Length);
        Cos = Own(new NativeFloats((long)n * half));
        Sin = Own(new NativeFloats((long)n * half));
        for (var p = 0; p < n; p++)
            for (var i = 0; i < half; i++)
                (Cos.Pointer[p * half + i], Sin.Pointer[p * half + i]) = Rotary.Turn(c, p, frequencies[i]);
        Refresh();

        T Own<T>(T item) where T : IDisposable
        {
            owned.Add(item);
            return item;
        }
    }

    public NativeFloats Embedding { get; }
    public NativeFloats FinalNorm { get; }
    public PackedMatrix Head { get; }
    public Layer[] Layers { get; }

    /// <summary>[positions, head size / 2]</summary>
    public NativeFloats Cos { get; }
    public NativeFloats Sin { get; }

    /// <summary>Where up begins after gate.</summary>
    public int FeedForwardSize { get; }

    /// <summary>Whether some product is worth sharing out to several threads.</summary>
    public bool HasLargeProducts => Head.Weights >= Crew.LeastWeights || Layers.Any(l => l.GateUp.Weights >= Crew.LeastWeights);

    /// <summary>Copies the model's weights again.</summary>
    public void Refresh()
    {
        using var _ = no_grad();
        var c = model.Config;
        int q = c.AttentionSize, kv = c.NumKeyValueHeads * c.HeadSize;
        Copy("model.embed_tokens.weight", Embedding);
        Copy("model.norm.weight", FinalNorm);
        Pack(c.TieWordEmbeddings ? "model.embed_tokens.weight" : "lm_head.weight", Head, 0);
        for (var i = 0; i < Layers.Length; i++)
        {
            var (p, layer) = ($"model.layers.{i}.", Layers[i]);
            Copy(p + "input_layernorm.weight", layer.AttentionNorm);
            Pack(p + "self_attn.q_proj.weight", layer.QueryKeyValue, 0);
            Pack(p + "self_attn.k_proj.weight", layer.QueryKeyValue, q);
            Pack(p + "self_attn.v_proj.weight", layer.QueryKeyValue, q + kv);
            Pack(p + "self_attn.o_proj.weight", layer.Output, 0);
            Copy(p + "post_attention_layernorm.weight", layer.FeedForwardNorm);
            Pack(p + "mlp.gate_proj.weight", layer.GateUp, 0);
            Pack(p + "mlp.up_proj.weight", layer.GateUp, FeedForwardSize);
            Pack(p + "mlp.down_proj.weight", layer.Down, 0);
            CopyIfThere(p + "self_attn.q_proj.bias", layer.QueryKeyValueBias);
            CopyIfThere(p + "self_attn.k_proj.bias", layer.QueryKeyValueBias, q);
            CopyIfThere(p + "self_attn.v_proj.bias", layer.QueryKeyValueBias, q + kv);
            CopyIfThere(p + "self_attn.o_proj.bias", layer.OutputBias);
            CopyIfThere(p + "self_attn.q_norm.weight", layer.QueryNorm);
            CopyIfThere(p + "self_attn.k_norm.weight", layer.KeyNorm);
            CopyIfThere(p + "mlp.gate_proj.bias", layer.GateUpBias);
            CopyIfThere(p + "mlp.up_proj.bias", layer.GateUpBias, FeedForwardSize);
            CopyIfThere(p + "mlp.down_proj.bias", layer.DownBias);
        }

        void Pack(string name, PackedMatrix target, int output) => With(name, source => target.Pack(source, output));
        void Copy(string name, NativeFloats target, int at = 0) => With(name, source => source.CopyTo(new Span<float>(target.Pointer + at, source.Length)));
        void CopyIfThere(string name, NativeFloats? target, int at = 0)
        {
            if (target is not null)
                Copy(name, target, at);
        }
        // One 32-bit copy of 16-bit weights at a time.
        void With(string name, Action<Span<float>> use)
        {
            using var own = NewDisposeScope();
            use(System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(model.Effective(name).to(ScalarType.Float32).bytes));
        }
    }

    public void Dispose() => owned.ForEach(o => o.Dispose());

    internal sealed record Layer(NativeFloats AttentionNorm, PackedMatrix QueryKeyValue, PackedMatrix Output,
        NativeFloats FeedForwardNorm, PackedMatrix GateUp, PackedMatrix Down)
    {
        public NativeFloats? QueryKeyValueBias { get; init; }
        public NativeFloats? OutputBias { get; init; }
        public NativeFloats? QueryNorm { get; init; }
        public NativeFloats? KeyNorm { get; init; }
        public NativeFloats? GateUpBias { get; init; }
        public NativeFloats? DownBias { get; init; }
    }
}
