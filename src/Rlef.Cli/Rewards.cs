using Rlef.Policy;
using Rlef.Rewards;

namespace Rlef.Cli;

/// <summary>What a policy can be paid, by name.</summary>
static class Rewards
{
    static readonly Dictionary<string, Func<PolicyTokenizer, IReward>> All = new()
    {
        ["rlef"] = _ => new RlefReward(),
        ["coarse"] = t => new RltfReward(RltfFeedback.Coarse, t),
        ["fine"] = t => new RltfReward(RltfFeedback.Fine, t),
        ["adaptive"] = t => new RltfReward(RltfFeedback.Adaptive, t),
        ["rltf"] = t => new RltfReward(RltfFeedback.All, t),
    };

    public static IReadOnlyList<string> Names { get; } = [.. All.Keys];

    public static IReward Create(string name, PolicyTokenizer tokenizer) => All[name](tokenizer);
}
