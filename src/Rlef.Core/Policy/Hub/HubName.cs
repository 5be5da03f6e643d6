using System.Text.RegularExpressions;

namespace Rlef.Policy;

/// <summary>A model on a hub: <c>org/name[@revision][:file.gguf]</c>.</summary>
/// <param name="Repository">Such as <c>org/name</c>.</param>
/// <param name="Revision">Branch, tag or commit.</param>
/// <param name="File">A GGUF file of the repository; null for its safetensors.</param>
public sealed partial record HubName(string Repository, string Revision, string? File)
{
    const string Main = "main";

    /// <summary>Null for what is no such name.</summary>
    public static HubName? TryParse(string text) => Shape.Match(text) is { Success: true } match && !match.Value.Contains("..", StringComparison.Ordinal)
        && !match.Value.Contains("--", StringComparison.Ordinal)
        ? new(match.Groups["repository"].Value, match.Groups["revision"] is { Success: true } revision ? revision.Value : Main, match.Groups["file"] is { Success: true } file ? file.Value : null)
        : null;

    public override string ToString() => Repository + (Revision == Main ? "" : $"@{Revision}") + (File is null ? "" : $":{File}");

    [GeneratedRegex(@"^(?<repository>[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*)(?:@(?<revision>[\w.-]+(?:/[\w.-]+)*))?(?::(?<file>[\w.+-]+(?:/[\w.+-]+)*\.gguf))?$", RegexOptions.ECMAScript)]
    private static partial Regex Shape { get; }
}
