using System.Text.Json.Serialization;

namespace Docker.DotNet.Models;

public class LogConfig
{
    [JsonPropertyName("Type")]
    public string Type { get; set; } = string.Empty;

    [JsonPropertyName("Config")]
    public IDictionary<string, string> Config { get; set; } = default!;
}
