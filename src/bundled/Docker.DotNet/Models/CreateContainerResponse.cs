using System.Text.Json.Serialization;

namespace Docker.DotNet.Models;

public class CreateContainerResponse
{
    [JsonPropertyName("Id")]
    public string ID { get; set; } = string.Empty;

    [JsonPropertyName("Warnings")]
    public IList<string> Warnings { get; set; } = default!;
}
