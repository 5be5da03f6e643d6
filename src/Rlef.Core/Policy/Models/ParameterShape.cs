namespace Rlef.Policy;

/// <summary>A weight before it exists.</summary>
/// <param name="Name">Hugging Face's.</param>
/// <param name="Deviation">Standard deviation of the normal distribution that it starts from; null where it starts from <paramref name="Value"/>.</param>
sealed record ParameterShape(string Name, long[] Shape, double? Deviation, double Value = 1)
{
    /// <summary>
    /// Every weight of a model, in a fixed order. Matrices start from N(0, 1/inputs), those that write to the residual stream scaled by 1/√(2 layers) as
    /// in GPT-2, embeddings from N(0, 0.02²). A fixed 0.02 everywhere suits wide models only: at D = 128 attention starts so flat that copying from the
    /// context is learned late.
    /// </summary>
    public static IEnumerable<ParameterShape> Of(ModelConfig config) => config.IsGpt2 ? Gpt2(config) : Llama(config);

    static IEnumerable<ParameterShape> Llama(ModelConfig c)
    {
        long d = c.HiddenSize, f = c.IntermediateSize, q = c.AttentionSize, kv = c.NumKeyValueHeads * c.HeadSize;
        double wide = 1 / Math.Sqrt(d), residual = 1 / Math.Sqrt(2 * c.NumHiddenLayers);
        yield return new("model.embed_tokens.weight", [c.VocabSize, d], 0.02);
        for (var i = 0; i < c.NumHiddenLayers; i++)
        {
            var p = $"model.layers.{i}.";
            yield return new(p + "input_layernorm.weight", [d], null);
            yield return new(p + "self_attn.q_proj.weight", [q, d], wide);
            yield return new(p + "self_attn.k_proj.weight", [kv, d], wide);
            yield return new(p + "self_attn.v_proj.weight", [kv, d], wide);
            yield return new(p + "self_attn.o_proj.weight", [d, q], residual * (1 / Math.Sqrt(q)));
            yield return new(p + "post_attention_layernorm.weight", [d], null);
            yield return new(p + "mlp.gate_proj.weight", [f, d], wide);
            yield return new(p + "mlp.up_proj.weight", [f, d], wide);
            yield return new(p + "mlp.down_proj.weight", [d, f], residual / Math.Sqrt(f));
            if (c.QueryBias)
            {
                yield return new(p + "self_attn.q_proj.bias", [q], null, 0);
                yield return new(p + "self_attn.k_proj.bias", [kv], null, 0);
                yield return new(p + "self_attn.v_proj.bias", [kv], null, 0);
            }
            if (c.OutputBias)
                yield return new(p + "self_attn.o_proj.bias", [d], null, 0);
            if (c.QueryKeyNorm)
            {
                yield return new(p + "self_attn.q_norm.weight", [c.HeadSize], null);
                yield return new(p + "self_attn.k_norm.weight", [c.HeadSize], null);
            }
            if (c.MlpBias)
            {
                yield return new(p + "mlp.gate_proj.bias", [f], null, 0);
                yield return new(p + "mlp.up_proj.bias", [f], null, 0);
                yield return new(p + "mlp.down_proj.bias", [d], null, 0);
            }
        }
        yield return new("model.norm.weight", [d], null);
        if (!c.TieWordEmbeddings)
            yield return new("lm_head.weight", [c.VocabSize, d], 0.02);
    }

    // Matrices are stored as [inputs, outputs].
    static IEnumerable<ParameterShape> Gpt2(ModelConfig c)
    {
        long d = c.HiddenSize, f = c.IntermediateSize;
        double wide = 1 / Math.Sqrt(d), residual = 1 / Math.Sqrt(2 * c.NumHiddenLayers);
        yield return new("transformer.wte.weight", [c.VocabSize, d], 0.02);
        yield return new("transformer.wpe.weight", [c.MaxPositionEmbeddings, d], 0.02);
        for (var i = 0; i < c.NumHiddenLayers; i++)
        {
            var p = $"transformer.h.{i}.";
            yield return new(p + "ln_1.weight", [d], null);
            yield return new(p + "ln_1.bias", [d], null, 0);
            yield return new(p + "attn.c_attn.weight", [d, 3 * d], wide);
            yield return new(p + "attn.c_attn.bias", [3 * d], null, 0);
            yield return new(p + "attn.c_proj.weight", [d, d], residual * wide);
            yield return new(p + "attn.c_proj.bias", [d], null, 0);
            yield return new(p + "ln_2.weight", [d], null);
            yield return new(p + "ln_2.bias", [d], null, 0);
            yield return new(p + "mlp.c_fc.weight", [d, f], wide);
            yield return new(p + "mlp.c_fc.bias", [f], null, 0);
            yield return new(p + "mlp.c_proj.weight", [f, d], residual / Math.Sqrt(f));
            yield return new(p + "mlp.c_proj.bias", [d], null, 0);
        }
        yield return new("transformer.ln_f.weight", [d], null);
        yield return new("transformer.ln_f.bias", [d], null, 0);
        if (!c.TieWordEmbeddings)
            yield return new("lm_head.weight", [c.VocabSize, d], 0.02);
    }
}
