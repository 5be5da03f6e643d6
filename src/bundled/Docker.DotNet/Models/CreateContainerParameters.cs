using System.Text.Json.Serialization;

namespace Docker.DotNet.Models;

public class CreateContainerParameters
{
    [JsonIgnore]
    public string? Name { get; set; }

    [JsonPropertyName("Hostname")]
    public string Hostname { get; set; } = string.Empty;

    [JsonPropertyName("User")]
    public string User { get; set; } = string.Empty;

    [JsonPropertyName("AttachStdin")]
    public bool AttachStdin { get; set; }

    [JsonPropertyName("AttachStdout")]
    public bool AttachStdout { get; set; }

    [JsonPropertyName("AttachStderr")]
    public bool AttachStderr { get; set; }

    [JsonPropertyName("Tty")]
    public bool Tty { get; set; }

    [JsonPropertyName("OpenStdin")]
    public bool OpenStdin { get; set; }

    /// <summary>Standard input ends when the one attached client leaves.</summary>
    [JsonPropertyName("StdinOnce")]
    public bool StdinOnce { get; set; }

    [JsonPropertyName("Env")]
    public IList<string> Env { get; set; } = default!;

    [JsonPropertyName("Cmd")]
    public IList<string> Cmd { get; set; } = default!;

    [JsonPropertyName("Image")]
    public string Image { get; set; } = string.Empty;

    [JsonPropertyName("WorkingDir")]
    public string WorkingDir { get; set; } = string.Empty;

    [JsonPropertyName("Labels")]
    public IDictionary<string, string> Labels { get; set; } = default!;

    [JsonPropertyName("HostConfig")]
    public HostConfig? HostConfig { get; set; }
}
