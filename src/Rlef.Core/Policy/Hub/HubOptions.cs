namespace Rlef.Policy;

/// <summary>Where a hub is and where its files are kept, by the conventions that other libraries share.</summary>
/// <param name="Endpoint">The hub's address.</param>
/// <param name="Cache">Folder that holds a folder <c>models--org--name</c> for each model.</param>
/// <param name="Token">Shown to the hub; null for none.</param>
/// <param name="Offline">Whether only what is in the cache may be used.</param>
public sealed record HubOptions(Uri Endpoint, string Cache, string? Token = null, bool Offline = false)
{
    const string Standard = "https://huggingface.co";

    // Sent in a header, and so never printed with the rest.
    public override string ToString() => $"{Endpoint}, kept in {Cache}";

    /// <summary>From HF_ENDPOINT, HF_HUB_CACHE or HF_HOME, HF_TOKEN or the token file that a login leaves, and HF_HUB_OFFLINE.</summary>
    /// <exception cref="ArgumentException">HF_ENDPOINT is no address.</exception>
    public static HubOptions FromEnvironment()
    {
        var home = Set("HF_HOME") ?? Path.Combine(Set("XDG_CACHE_HOME") ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache"), "huggingface");
        var address = Set("HF_ENDPOINT") ?? Standard;
        if (!Uri.TryCreate(address.TrimEnd('/'), UriKind.Absolute, out var endpoint) || endpoint.Scheme is not ("http" or "https"))
            throw new ArgumentException($"HF_ENDPOINT is '{address}', which is no address of a server.");
        return new(endpoint, Set("HF_HUB_CACHE") ?? Path.Combine(home, "hub"), Set("HF_TOKEN") ?? FileToken(Set("HF_TOKEN_PATH") ?? Path.Combine(home, "token")),
            Set("HF_HUB_OFFLINE")?.ToUpperInvariant() is "1" or "ON" or "YES" or "TRUE");
    }

    static string? FileToken(string path) => File.Exists(path) && File.ReadAllText(path).Trim() is { Length: > 0 } token ? token : null;

    static string? Set(string name) => Environment.GetEnvironmentVariable(name)?.Trim() is { Length: > 0 } value ? value : null;
}
