using System.Text.Json;
using System.Text.Json.Nodes;
using Rlef.Dialogue;
using Rlef.Experiments;
using Rlef.Learning;
using Rlef.Rewards;
using Rlef.Storage;

namespace Rlef.Cli;

/// <summary>What a recipe's file says for the options of <c>train</c>; null where it says nothing.</summary>
/// <param name="Config">The preset's settings with the file's in their place.</param>
sealed record RecipeFile(TrainingConfig Config, string? Wording, string? Feedback, string? Reward, string? Packages)
{
    /// <exception cref="InvalidDataException">The file is no recipe; the message names the setting.</exception>
    public static RecipeFile Load(string path, TrainingConfig preset) => JsonFile.Read(path, text =>
    {
        var json = JsonNode.Parse(text, documentOptions: new() { AllowDuplicateProperties = false }) as JsonObject ?? throw new JsonException("a JSON object of settings is expected.");
        return new RecipeFile(preset.With(json), Wordings(json), Arm(json, "feedback", FeedbackSources.Names), json["reward"] is { } reward ? KnownRewards.Checked(reward.ToString()) : null, PackagesOf(json));
    }, "The settings and their names are those of any run's config.json.");

    // A digest may follow the name.
    static string? Arm(JsonObject json, string field, IReadOnlyList<string> names) => json[field] is not { } value ? null
        : value.GetValueKind() == JsonValueKind.String && names.FirstOrDefault(n => n == value.GetValue<string>().Split(' ')[0]) is { } name ? name
        : throw new JsonException($"there is no {field} {value.ToJsonString()}: known are {string.Join(", ", names)}.");

    // Versions follow the names; the run records those that it finds.
    static string? PackagesOf(JsonObject json) => json["python_packages"]?.ToString() is { Length: > 0 } packages
        ? string.Join(',', packages.Split(',', StringSplitOptions.TrimEntries).Select(p => p.Split(' ')[0])) : null;

    static string? Wordings(JsonObject json) => json["wording"] is not { } value ? null
        : DialogueWording.All.FirstOrDefault(w => value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() == w.Key : Recipe.IsWording(value, w.Value)).Key
            ?? throw new JsonException($"the wording is none of {string.Join(", ", DialogueWording.All.Keys)}.");
}
