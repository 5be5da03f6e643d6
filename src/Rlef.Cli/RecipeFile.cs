using System.Text.Json;
using System.Text.Json.Nodes;
using Rlef.Dialogue;
using Rlef.Experiments;
using Rlef.Learning;
using Rlef.Policy;
using Rlef.Problems;
using Rlef.Rewards;
using Rlef.Storage;

namespace Rlef.Cli;

/// <summary>What a recipe's file says for the options of <c>train</c>; null where it says nothing.</summary>
/// <param name="Config">The preset's settings with the file's in their place.</param>
/// <param name="Policy">Digest of the policy of the run whose recipe it is.</param>
/// <param name="Problems">Name and digest of its problems.</param>
sealed record RecipeFile(TrainingConfig Config, string? Policy, string? Problems, string? Wording, string? Feedback, string? Reward, string? Packages)
{
    // Of SHA-256.
    const int Digits = 64;

    /// <exception cref="InvalidDataException">The file is no recipe; the message names the setting.</exception>
    public static RecipeFile Load(string path, TrainingConfig preset) => JsonFile.Read(path, text =>
    {
        var json = JsonNode.Parse(text, documentOptions: new() { AllowDuplicateProperties = false }) as JsonObject ?? throw new JsonException("a JSON object of settings is expected.");
        return new RecipeFile(preset.With(json), Digest(json, "policy"), Digest(json, "problems"), Wordings(json), Arm(json, "feedback", FeedbackSources.Names),
            json["reward"] is { } reward ? KnownRewards.Checked(reward.ToString()) : null, PackagesOf(json));
    }, "The settings and their names are those of any run's config.json.");

    /// <summary>What a run by the recipe has otherwise than the run that left it, in words; empty for a recipe that is of no run.</summary>
    public IEnumerable<string> Departures(Transformer policy, ChatFormat format, ProblemSet problems)
    {
        if (Policy is not null && Policy != Recipe.DigestOf(policy, format))
            yield return "the recipe is of a run that began with another policy: --policy names one";
        if (Problems is not null && Recipe.NameOf(problems) is var here && Problems != here)
            yield return $"the recipe is of a run on other problems, {Short(Problems)}: --problems names them, and this run is on {Short(here)}";

        static string Short(string problems) => problems[..^(Digits - 8)];
    }

    static string? Digest(JsonObject json, string field) => json[field] is not { } value ? null
        : value.ToString() is { Length: >= Digits } text && text[^Digits..].All(char.IsAsciiHexDigitLower) ? text
        : throw new JsonException($"{field}: {value.ToJsonString()} is not read from a recipe; name it by --{field}.");

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
