using Rlef.Policy;

namespace Rlef.Rewards;

/// <summary>The rewards by the names that recipes give them.</summary>
public static class KnownRewards
{
    static readonly Dictionary<string, Func<PolicyTokenizer, IReward>> All = new()
    {
        ["rlef"] = _ => new RlefReward(),
        ["coarse"] = t => new RltfReward(RltfFeedback.Coarse, t),
        ["fine"] = t => new RltfReward(RltfFeedback.Fine, t),
        ["adaptive"] = t => new RltfReward(RltfFeedback.Adaptive, t),
        ["coarse+fine"] = t => new RltfReward(RltfFeedback.Coarse | RltfFeedback.Fine, t),
        ["coarse+adaptive"] = t => new RltfReward(RltfFeedback.Coarse | RltfFeedback.Adaptive, t),
        ["fine+adaptive"] = t => new RltfReward(RltfFeedback.Fine | RltfFeedback.Adaptive, t),
        ["rltf"] = t => new RltfReward(RltfFeedback.All, t),
    };

    public static IReadOnlyList<string> Names { get; } = [.. All.Keys];

    /// <param name="name">One of <see cref="Names"/>.</param>
    public static IReward Create(string name, PolicyTokenizer tokenizer) => All[name](tokenizer);
}
