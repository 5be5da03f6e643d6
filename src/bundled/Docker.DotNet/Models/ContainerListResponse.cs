using System.Text.Json.Serialization;

namespace Docker.DotNet.Models;

public class ContainerListResponse
{
    [JsonPropertyName("Id")]
    public string ID { get; set; } = string.Empty;

    [JsonPropertyName("Names")]
    public IList<string> Names { get; set; } = default!;

    [JsonPropertyName("Image")]
    public string Image { get; set; } = string.Empty;

    [JsonPropertyName("Labels")]
    public IDictionary<string, string> Labels { get; set; } = default!;

    [JsonPropertyName("State")]
    public string State { get; set; } = string.Empty;
}
