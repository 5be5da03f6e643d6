using System.Text.Json.Serialization;

namespace Docker.DotNet.Models;

public class ContainerConfig
{
    [JsonPropertyName("User")]
    public string User { get; set; } = string.Empty;

    [JsonPropertyName("Tty")]
    public bool Tty { get; set; }

    [JsonPropertyName("Labels")]
    public IDictionary<string, string> Labels { get; set; } = default!;
}
