using Rlef.Storage;

namespace Rlef.Endpoints;

/// <summary>A model behind a server of OpenAI's routes, such as vLLM, llama.cpp or Ollama, and how hard the server may be pressed.</summary>
/// <param name="Address">Of the routes' root, which usually ends in <c>/v1</c>.</param>
/// <param name="Model">The server's name for the model.</param>
public sealed record Endpoint(Uri Address, string Model)
{
    /// <summary>What the server is shown; null for one that wants none.</summary>
    public EndpointKey? Key { get; init; }

    /// <summary>Requests under way at once, and so dialogues.</summary>
    public int Concurrency { get; init; } = 8;

    /// <summary>Most tokens under way at once, those that may still be written included.</summary>
    public int TokensUnderWay { get; init; } = 262_144;

    /// <summary>How long an answer may take.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How often a request is made again after a time-out, a lost connection, or an answer of 408, 429 or 5xx.</summary>
    public int Retries { get; init; } = 6;

    /// <summary>Before the first of them; it doubles from one to the next. What the server says in Retry-After goes first.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <param name="address">As a user writes it.</param>
    /// <exception cref="ArgumentException">It is no address of a server, or has a key in it.</exception>
    public static Endpoint Of(string address, string model)
    {
        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https") || uri.Host.Length == 0)
            throw new ArgumentException($"--endpoint {address.OneLine()} is no address of a server: one such as http://127.0.0.1:8000/v1 is expected.");
        if (uri.UserInfo.Length > 0 || uri.Query.Length > 0 || uri.Fragment.Length > 0)
            throw new ArgumentException($"--endpoint {uri.GetLeftPart(UriPartial.Path).Replace(uri.UserInfo + "@", "")}: give the address alone, without user, password, ? or #. " +
                $"A key belongs into {EndpointKey.Variables[0]}.");
        return new(new(uri.AbsoluteUri.TrimEnd('/')), model) { Key = EndpointKey.FromEnvironment() };
    }

    /// <summary>The address of a route below the root.</summary>
    internal Uri Route(string path) => new($"{Address.AbsoluteUri.TrimEnd('/')}/{path}");

    /// <summary>Names the policy in a recipe.</summary>
    public string Identity => $"{Model} at {Address.AbsoluteUri}";
}
