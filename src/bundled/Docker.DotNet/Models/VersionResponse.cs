using System.Text.Json.Serialization;

namespace Docker.DotNet.Models;

public class VersionResponse
{
    [JsonPropertyName("Version")]
    public string Version { get; set; } = string.Empty;

    [JsonPropertyName("ApiVersion")]
    public string APIVersion { get; set; } = string.Empty;

    [JsonPropertyName("Os")]
    public string Os { get; set; } = string.Empty;

    [JsonPropertyName("Arch")]
    public string Arch { get; set; } = string.Empty;

    [JsonPropertyName("KernelVersion")]
    public string? KernelVersion { get; set; }
}
