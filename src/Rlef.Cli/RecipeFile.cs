using System.Text.Json;
using System.Text.Json.Nodes;
using Rlef.Dialogue;
using Rlef.Learning;

namespace Rlef.Cli;

/// <summary>What a recipe's file says for the options of <c>train</c>; null where it says nothing.</summary>
/// <param name="Config">The nano world's settings with the file's in their place.</param>
sealed record RecipeFile(TrainingConfig Config, string? Wording, string? Feedback, string? Reward)
{
    static readonly string[] Feedbacks = ["real", "random", "none"];
    static readonly IReadOnlyDictionary<string, string> Rewards = new Dictionary<string, string>
    {
        ["rlef"] = "rlef", ["coarse"] = "coarse", ["fine"] = "fine", ["adaptive"] = "adaptive", ["all"] = "rltf", ["rltf"] = "rltf",
    };

    /// <exception cref="InvalidDataException">The file is no recipe; the message names the setting.</exception>
    public static RecipeFile Load(string path)
    {
        var config = TrainingConfig.Nano.With(path);
        var json = JsonNode.Parse(File.ReadAllText(path))!.AsObject();
        return new(config, Wordings(), Known("feedback", value => Array.Find(Feedbacks, name => value.Split(' ')[0] == name)), Known("reward", Rewards.GetValueOrDefault));

        string? Known(string field, Func<string, string?> find) => json[field] is not { } value ? null
            : value.GetValueKind() == JsonValueKind.String && find(value.GetValue<string>()) is { } name ? name
            : throw new InvalidDataException($"{path}: there is no {field} {value.ToJsonString()}.");

        string? Wordings() => json["wording"] is not { } value ? null
            : DialogueWording.All.FirstOrDefault(w => value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() == w.Key : Recipe.IsWording(value, w.Value)).Key
                ?? throw new InvalidDataException($"{path}: the wording is none of {string.Join(", ", DialogueWording.All.Keys)}.");
    }
}
