using System.Reflection;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Rlef.Storage;

namespace Rlef.Learning;

/// <summary>How recipes are written, and how some settings are put in the place of others.</summary>
public static class RecipeJson
{
    public static JsonSerializerOptions Options { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        IgnoreReadOnlyProperties = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    internal static JsonNode? Serialise<T>(T value) => JsonSerializer.SerializeToNode(value, Options);

    /// <summary>
    /// These settings with others in their place, such as those of a run's <c>config.json</c> or a few of them. Settings within a setting are an object, or
    /// are named with a dot: <c>kl.weight</c>. What a recipe holds besides (<see cref="Recipe.Foundations"/>) is passed over.
    /// </summary>
    /// <exception cref="JsonException">A setting does not exist or cannot have that value; the message names it.</exception>
    public static TrainingConfig With(TrainingConfig settings, JsonObject others)
    {
        var all = JsonNode.Parse(settings.ToJson())!.AsObject();
        foreach (var property in Unwritten)
            all.TryAdd(Options.PropertyNamingPolicy!.ConvertName(property.Name), Serialise(property.GetValue(settings)));
        // A setting as a whole comes before what it holds, in whichever order they stand.
        foreach (var (name, value) in others.Where(setting => !Recipe.Foundations.Contains(setting.Key)).OrderBy(setting => setting.Key.Count(c => c == '.')))
            Set(all, name.Split('.'), value, name);
        if (Usual.FirstOrDefault(setting => setting.Value is not null && all[setting.Key] is null) is { Key: { } missing })
            throw new JsonException($"the setting {missing} is null, where something is needed: leave it out for what is usual.");
        try
        {
            var config = all.Deserialize<TrainingConfig>(Options)!;
            config.Check();
            return config;
        }
        catch (ArgumentException e)
        {
            throw new JsonException(e.OneLine(), e);
        }
        // The place is one in the settings put together, which nobody has before them: the name alone helps.
        catch (JsonException e) when (e.Path is { Length: > 2 } path)
        {
            throw new JsonException(e.Message.Contains("could not be mapped", StringComparison.Ordinal) ? $"there is no setting '{path[2..]}'."
                : Choices(path[2..]) is { } choices ? $"the setting {path[2..]} is one of {choices}." : e.InWords(), e);
        }
    }

    // Recipes name these only where they are not as usual, so that runs from before there were such settings keep their identity.
    static IEnumerable<PropertyInfo> Unwritten => typeof(TrainingConfig).GetProperties()
        .Where(p => p.GetCustomAttribute<JsonIgnoreAttribute>() is { Condition: JsonIgnoreCondition.WhenWritingDefault });

    static JsonObject Usual { get; } = JsonNode.Parse(new TrainingConfig().ToJson())!.AsObject();

    // Of a setting that is one of some words.
    static string? Choices(string path)
    {
        var type = typeof(TrainingConfig);
        foreach (var name in path.Split('.'))
        {
            if (Array.Find(type.GetProperties(), p => Options.PropertyNamingPolicy!.ConvertName(p.Name) == name) is not { } property)
                return null;
            type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        }
        return type.IsEnum ? string.Join(", ", Enum.GetNames(type).Select(Options.PropertyNamingPolicy!.ConvertName)) : null;
    }

    static void Set(JsonObject settings, ReadOnlySpan<string> path, JsonNode? value, string name)
    {
        // An arm's object holds only what is not as usual, and that of a setting that was null nothing: what else there is, its type knows.
        var (first, isOpen) = (path[0], settings.ContainsKey("kind") || settings.Count == 0);
        if (!settings.TryGetPropertyValue(first, out var before) && !isOpen)
        {
            var within = string.Concat(name.Split('.')[..^path.Length].Select(outer => outer + "."));
            throw new JsonException($"there is no setting '{name}'.{Suggestion.For(name, settings.Select(setting => within + setting.Key))}");
        }
        if (path.Length == 1 && (value is not JsonObject inner || before is not JsonObject || inner.ContainsKey("kind")))
            settings[first] = value?.DeepClone();
        else
        {
            // An arm with its usual settings is written as its name alone.
            var within = before as JsonObject ?? (before is null ? [] : new JsonObject { ["kind"] = before.DeepClone() });
            settings[first] = within.DeepClone();
            if (path.Length > 1)
                Set(settings[first]!.AsObject(), path[1..], value, name);
            else
                foreach (var (key, part) in value!.AsObject())
                    Set(settings[first]!.AsObject(), [key], part, $"{name}.{key}");
        }
    }
}
