using System.Text.Json.Serialization;

namespace Docker.DotNet.Models;

public class ContainerUpdateResponse
{
    [JsonPropertyName("Warnings")]
    public IList<string> Warnings { get; set; } = default!;
}
