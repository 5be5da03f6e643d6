using System.Text.Json.Serialization;

namespace Docker.DotNet.Models;

public class ImagesListResponse
{
    [JsonPropertyName("Id")]
    public string ID { get; set; } = string.Empty;

    [JsonPropertyName("RepoTags")]
    public IList<string> RepoTags { get; set; } = default!;

    [JsonPropertyName("Size")]
    public long Size { get; set; }
}
