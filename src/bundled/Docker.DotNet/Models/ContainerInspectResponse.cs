using System.Text.Json.Serialization;

namespace Docker.DotNet.Models;

public class ContainerInspectResponse
{
    [JsonPropertyName("Id")]
    public string ID { get; set; } = string.Empty;

    [JsonPropertyName("State")]
    public State? State { get; set; }

    [JsonPropertyName("Image")]
    public string Image { get; set; } = string.Empty;

    [JsonPropertyName("Name")]
    public string Name { get; set; } = string.Empty;

    [JsonPropertyName("HostConfig")]
    public HostConfig? HostConfig { get; set; }

    [JsonPropertyName("Config")]
    public ContainerConfig? Config { get; set; }
}
