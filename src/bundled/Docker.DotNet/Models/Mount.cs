using System.Text.Json.Serialization;

namespace Docker.DotNet.Models;

public class Mount
{
    [JsonPropertyName("Type")]
    public string? Type { get; set; }

    [JsonPropertyName("Source")]
    public string? Source { get; set; }

    [JsonPropertyName("Target")]
    public string? Target { get; set; }

    [JsonPropertyName("ReadOnly")]
    public bool? ReadOnly { get; set; }
}
