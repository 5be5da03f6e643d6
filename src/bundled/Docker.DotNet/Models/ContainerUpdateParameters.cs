using System.Text.Json.Serialization;

namespace Docker.DotNet.Models;

public class ContainerUpdateParameters
{
    [JsonPropertyName("Memory")]
    public long Memory { get; set; }

    [JsonPropertyName("MemorySwap")]
    public long MemorySwap { get; set; }
}
