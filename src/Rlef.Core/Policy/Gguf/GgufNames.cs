using static TorchSharp.torch;

namespace Rlef.Policy;

/// <summary>llama.cpp's names of the weights, and where it lays their rows otherwise than Hugging Face.</summary>
sealed class GgufNames(ModelConfig config)
{
    static readonly Dictionary<string, string> Llama = new()
    {
        ["input_layernorm"] = "attn_norm", ["self_attn.q_proj"] = "attn_q", ["self_attn.k_proj"] = "attn_k", ["self_attn.v_proj"] = "attn_v",
        ["self_attn.o_proj"] = "attn_output", ["self_attn.q_norm"] = "attn_q_norm", ["self_attn.k_norm"] = "attn_k_norm",
        ["post_attention_layernorm"] = "ffn_norm", ["mlp.gate_proj"] = "ffn_gate", ["mlp.up_proj"] = "ffn_up", ["mlp.down_proj"] = "ffn_down",
    };

    static readonly Dictionary<string, string> Gpt2 = new()
    {
        ["ln_1"] = "attn_norm", ["attn.c_attn"] = "attn_qkv", ["attn.c_proj"] = "attn_output", ["ln_2"] = "ffn_norm", ["mlp.c_fc"] = "ffn_up", ["mlp.c_proj"] = "ffn_down",
    };

    static readonly Dictionary<string, string> Outer = new()
    {
        ["model.embed_tokens"] = "token_embd", ["transformer.wte"] = "token_embd", ["transformer.wpe"] = "position_embd", ["model.norm"] = "output_norm",
        ["transformer.ln_f"] = "output_norm", ["lm_head"] = "output",
    };

    /// <summary>Divisors of the rotary frequencies, of Llama 3.1 and later.</summary>
    public const string Frequencies = "rope_freqs.weight";

    /// <param name="name">Hugging Face's.</param>
    public static string Of(string name)
    {
        var (module, kind) = (name[..name.LastIndexOf('.')], name[name.LastIndexOf('.')..]);
        if (Outer.TryGetValue(module, out var outer))
            return outer + kind;
        // model.layers.N.… or transformer.h.N.…
        var parts = module.Split('.', 4);
        return $"blk.{parts[2]}.{(parts[0] == "model" ? Llama : Gpt2)[parts[3]]}{kind}";
    }

    /// <summary>Whether the file has inputs as columns where Hugging Face's GPT-2 has them as rows.</summary>
    public bool IsTurned(string name, int dimensions) => config.IsGpt2 && dimensions == 2 && name.StartsWith("transformer.h.", StringComparison.Ordinal);

    /// <summary>
    /// Whether rows of queries or keys are interleaved: llama.cpp turns neighbouring rows of a Llama's head together, Hugging Face those half a head apart.
    /// </summary>
    public bool IsInterleaved(string name) => config.ModelType == "llama"
        && (name.Contains(".q_proj.", StringComparison.Ordinal) || name.Contains(".k_proj.", StringComparison.Ordinal));

    /// <summary>The file's row that holds a row of Hugging Face's.</summary>
    public long RowInFile(long row)
    {
        long size = config.HeadSize, half = size / 2, inHead = row % size;
        return row - inHead + inHead % half * 2 + inHead / half;
    }

    /// <summary>Which of Hugging Face's rows each row of the file holds, in its order.</summary>
    public Tensor RowsOfFile(long rows)
    {
        var places = new long[rows];
        for (var row = 0L; row < rows; row++)
            places[RowInFile(row)] = row;
        return tensor(places);
    }
}
