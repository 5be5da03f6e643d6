using System.Text.Json.Serialization;

namespace Docker.DotNet.Models;

public class State
{
    [JsonPropertyName("Status")]
    public string Status { get; set; } = string.Empty;

    [JsonPropertyName("Running")]
    public bool Running { get; set; }

    [JsonPropertyName("OOMKilled")]
    public bool OOMKilled { get; set; }

    [JsonPropertyName("Pid")]
    public long Pid { get; set; }

    [JsonPropertyName("ExitCode")]
    public long ExitCode { get; set; }

    [JsonPropertyName("Error")]
    public string Error { get; set; } = string.Empty;
}
