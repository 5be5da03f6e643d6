using System.Text.Json.Serialization;

namespace Docker.DotNet.Models;

public class HostConfig
{
    [JsonPropertyName("LogConfig")]
    public LogConfig LogConfig { get; set; } = default!;

    [JsonPropertyName("NetworkMode")]
    public string NetworkMode { get; set; } = string.Empty;

    [JsonPropertyName("AutoRemove")]
    public bool AutoRemove { get; set; }

    [JsonPropertyName("CapDrop")]
    public IList<string> CapDrop { get; set; } = default!;

    [JsonPropertyName("IpcMode")]
    public string IpcMode { get; set; } = string.Empty;

    [JsonPropertyName("ReadonlyRootfs")]
    public bool ReadonlyRootfs { get; set; }

    [JsonPropertyName("SecurityOpt")]
    public IList<string> SecurityOpt { get; set; } = default!;

    [JsonPropertyName("Runtime")]
    public string? Runtime { get; set; }

    /// <summary>Bytes.</summary>
    [JsonPropertyName("Memory")]
    public long Memory { get; set; }

    /// <summary>Billionths of a processor.</summary>
    [JsonPropertyName("NanoCpus")]
    public long NanoCPUs { get; set; }

    /// <summary>Memory and swap together, bytes.</summary>
    [JsonPropertyName("MemorySwap")]
    public long MemorySwap { get; set; }

    [JsonPropertyName("Mounts")]
    public IList<Mount> Mounts { get; set; } = default!;

    [JsonPropertyName("PidsLimit")]
    public long? PidsLimit { get; set; }
}
