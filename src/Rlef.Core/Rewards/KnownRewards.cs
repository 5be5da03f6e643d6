using System.Globalization;
using Rlef.Advantages;
using Rlef.Policy;

namespace Rlef.Rewards;

/// <summary>
/// The rewards by the names that recipes give them. A comma and a number set a penalty that is not the usual one: <c>rlef, -0.5</c> that of a turn without
/// code, <c>rltf, -0.1</c> that of fine feedback; <c>rltf, alpha 1</c> leaves fine feedback without its scale.
/// </summary>
public static class KnownRewards
{
    static readonly Dictionary<string, RltfFeedback> Rltf = new()
    {
        ["coarse"] = RltfFeedback.Coarse,
        ["fine"] = RltfFeedback.Fine,
        ["adaptive"] = RltfFeedback.Adaptive,
        ["coarse+fine"] = RltfFeedback.Coarse | RltfFeedback.Fine,
        ["coarse+adaptive"] = RltfFeedback.Coarse | RltfFeedback.Adaptive,
        ["fine+adaptive"] = RltfFeedback.Fine | RltfFeedback.Adaptive,
        ["rltf"] = RltfFeedback.All,
    };

    /// <summary>Without penalties.</summary>
    public static IReadOnlyList<string> Names { get; } = ["rlef", .. Rltf.Keys];

    /// <summary>The reward that goes with a preset (<see cref="Learning.TrainingConfig.Presets"/>), where none is named.</summary>
    public static string UsualOf(string preset) => preset == "rltf" ? "rltf" : "rlef";

    /// <returns>The name as recipes have it, without penalties that are the usual ones.</returns>
    /// <exception cref="ArgumentException">There is no such reward; the message says which there are.</exception>
    public static string Checked(string name) => Parse(name).Name;

    /// <param name="name">One of <see cref="Names"/>, or one with a penalty.</param>
    /// <inheritdoc cref="Checked"/>
    public static IReward Create(string name, PolicyTokenizer tokenizer) => Parse(name).Create(tokenizer);

    /// <exception cref="ArgumentException">The reward is for single programs, and dialogues may have several turns; or it weighs tokens, which the advantage does not.</exception>
    public static void Check(string name, int turnLimit, IAdvantage advantage)
    {
        if (!Rltf.TryGetValue(name.Split(',', StringSplitOptions.TrimEntries)[0], out var feedback))
            return;
        RltfReward.CheckTurns(name, turnLimit);
        advantage.CheckReward(name, feedback.HasFlag(RltfFeedback.Fine));
    }

    static (string Name, Func<PolicyTokenizer, IReward> Create) Parse(string text)
    {
        var words = text.Split(',', StringSplitOptions.TrimEntries);
        if (words[0] == "rlef")
            return Rlef(text, words[1..]);
        if (!Rltf.TryGetValue(words[0], out var feedback))
            throw Unknown(text);
        var terms = new RltfTerms { Feedback = feedback };
        foreach (var word in words[1..])
            terms = !feedback.HasFlag(RltfFeedback.Fine) ? throw Unknown(text) : word == "alpha 1" ? terms with { FineAlpha = false }
                : terms with { FinePenalty = Number(word) ?? throw Unknown(text) };
        terms = terms.Checked();
        return (terms.Name, tokenizer => new RltfReward(terms, tokenizer));
    }

    static (string, Func<PolicyTokenizer, IReward>) Rlef(string text, string[] words)
    {
        var (levels, rest) = words is [RlefReward.Levels, ..] ? (true, words[1..]) : (false, words);
        var penalty = rest is [] ? RlefReward.UsualPenalty : rest is [var word] && Number(word) is { } given ? given : throw Unknown(text);
        var reward = new RlefReward(penalty, levels);
        return (reward.Name, _ => reward);
    }

    static double? Number(string word) => double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number is > double.NegativeInfinity and <= 0 ? number : null;

    static ArgumentException Unknown(string text) => new($"there is no reward '{text}': known are {string.Join(", ", Names)}, each that punishes also with another penalty, " +
        "such as 'rlef, -0.5' (of a turn without code) or 'rltf, -0.1' (of the tokens at fault), 'rlef, levels' and 'rltf, alpha 1'.");
}
