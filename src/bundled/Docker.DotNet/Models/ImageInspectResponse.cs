using System.Text.Json.Serialization;

namespace Docker.DotNet.Models;

public class ImageInspectResponse
{
    [JsonPropertyName("Id")]
    public string ID { get; set; } = string.Empty;

    [JsonPropertyName("RepoTags")]
    public IList<string> RepoTags { get; set; } = default!;

    [JsonPropertyName("Architecture")]
    public string Architecture { get; set; } = string.Empty;

    [JsonPropertyName("Os")]
    public string Os { get; set; } = string.Empty;

    [JsonPropertyName("Size")]
    public long Size { get; set; }
}
