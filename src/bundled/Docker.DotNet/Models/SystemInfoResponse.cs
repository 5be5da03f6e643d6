using System.Text.Json.Serialization;

namespace Docker.DotNet.Models;

public class SystemInfoResponse
{
    [JsonPropertyName("Driver")]
    public string Driver { get; set; } = string.Empty;

    [JsonPropertyName("MemoryLimit")]
    public bool MemoryLimit { get; set; }

    [JsonPropertyName("PidsLimit")]
    public bool PidsLimit { get; set; }

    [JsonPropertyName("CpuCfsQuota")]
    public bool CPUCfsQuota { get; set; }

    [JsonPropertyName("CgroupVersion")]
    public string? CgroupVersion { get; set; }

    [JsonPropertyName("ServerVersion")]
    public string ServerVersion { get; set; } = string.Empty;

    [JsonPropertyName("Runtimes")]
    public IDictionary<string, RuntimeWithStatus> Runtimes { get; set; } = default!;

    [JsonPropertyName("DefaultRuntime")]
    public string DefaultRuntime { get; set; } = string.Empty;

    [JsonPropertyName("SecurityOptions")]
    public IList<string> SecurityOptions { get; set; } = default!;
}
