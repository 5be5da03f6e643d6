using System.Text.Json;
using System.Text.Json.Serialization;

namespace Rlef.Storage;

/// <summary>JSON of this project's own records: names in snake_case, and nothing left out that a value needs.</summary>
static class SnakeJson
{
    public static JsonSerializerOptions Line { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    public static JsonSerializerOptions Indented { get; } = new(Line) { WriteIndented = true };

    /// <summary>With nothing that is not known.</summary>
    public static JsonSerializerOptions KnownOnly { get; } = new(Line) { UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow };
}
