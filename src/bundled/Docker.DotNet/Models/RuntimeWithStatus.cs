using System.Text.Json.Serialization;

namespace Docker.DotNet.Models;

public class RuntimeWithStatus
{
    [JsonPropertyName("path")]
    public string? Path { get; set; }
}
