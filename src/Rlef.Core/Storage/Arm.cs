using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Rlef.Storage;

/// <summary>Reads and writes the implementations of an interface by the names that its <see cref="ArmAttribute"/>s give them.</summary>
public sealed class Arm<T> : JsonConverter<T> where T : class
{
    const string Kind = "kind";

    static readonly (string Name, Type Type)[] Known = [.. typeof(T).GetCustomAttributes<ArmAttribute>().Select(a => (a.Name, a.Type))];

    /// <summary>Every name, in the interface's order.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Known.Select(k => k.Name)];

    /// <summary>The name of an implementation; that of its type if the interface does not list it.</summary>
    public static string NameOf(T arm) => Array.Find(Known, k => k.Type == arm.GetType()).Name ?? arm.GetType().Name;

    /// <param name="text">A name, or a JSON object with a <c>kind</c>.</param>
    /// <exception cref="JsonException">There is none of that name, or it has no such setting.</exception>
    public static T Parse(string text, JsonSerializerOptions options) =>
        (text.AsSpan().TrimStart().StartsWith("{") ? JsonNode.Parse(text) : JsonValue.Create(text))!.Deserialize<T>(options)!;

    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var node = JsonNode.Parse(ref reader);
        var settings = node as JsonObject ?? [];
        var name = (node is JsonObject ? settings[Kind] : node)?.ToString() ?? "";
        settings.Remove(Kind);
        var type = Array.Find(Known, k => k.Name == name).Type
            ?? throw new JsonException((name.Length == 0 ? $"an object needs a '{Kind}'" : $"there is no {name} here") + $": known are {string.Join(", ", Names)}.");
        string[] known = [.. type.GetProperties().Where(p => p.CanWrite).Select(p => Named(p, options))];
        foreach (var (setting, _) in settings)
            if (!known.Contains(setting))
                throw new JsonException($"{name} has no setting '{setting}'.{Suggestion.For(setting, known)}");
        return (T)settings.Deserialize(type, options)!;
    }

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options)
    {
        var settings = JsonSerializer.SerializeToNode(value, value.GetType(), options)!.AsObject();
        foreach (var (setting, usual) in Usual(value.GetType(), options))
            if (JsonNode.DeepEquals(settings[setting], usual))
                settings.Remove(setting);
        if (settings.Count == 0)
        {
            writer.WriteStringValue(NameOf(value));
            return;
        }
        settings.Insert(0, Kind, NameOf(value));
        settings.WriteTo(writer, options);
    }

    static JsonObject Usual(Type type, JsonSerializerOptions options) => type.GetConstructor([]) is { } make
        ? JsonSerializer.SerializeToNode(make.Invoke([]), type, options)!.AsObject() : [];

    static string Named(PropertyInfo property, JsonSerializerOptions options) => options.PropertyNamingPolicy?.ConvertName(property.Name) ?? property.Name;
}
