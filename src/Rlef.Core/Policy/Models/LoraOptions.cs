namespace Rlef.Policy;

/// <summary>Low-rank adaptation (Hu et al. 2021): the weights stay, and to chosen matrices W a product α/r · B A of rank r is learned.</summary>
/// <param name="Rank">r.</param>
/// <param name="Alpha">α.</param>
/// <param name="Targets">Last part of the matrices' names; null for all of attention and feed-forward.</param>
public sealed record LoraOptions(int Rank = 8, double Alpha = 16, IReadOnlyList<string>? Targets = null)
{
    static readonly string[] Every = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj", "c_attn", "c_proj", "c_fc"];

    /// <summary>Whether a weight of this name and shape is adapted.</summary>
    internal bool Adapts(ParameterShape weight) => weight.Name.Split('.') is [.., var module, "weight"] && weight.Shape.Length == 2 && (Targets ?? Every).Contains(module);
}
