using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Rlef.Server;

/// <summary>What a client must show as a bearer token (RFC 6750). Only its digest is kept, so that nothing can print it.</summary>
public sealed class ApiKey
{
    /// <summary>Holds the key; no option does, since command lines are seen by all users of a machine.</summary>
    public const string Variable = "RLEF_API_KEY";

    const int Shortest = 16;
    readonly byte[] digest;

    /// <exception cref="ArgumentException">The key is short, or cannot stand in a header.</exception>
    public ApiKey(string key)
    {
        if (key.Length < Shortest || key.Any(c => c is <= ' ' or > '~'))
            throw new ArgumentException($"{Variable} is no key: it takes at least {Shortest} characters of ASCII without blanks, such as `openssl rand -hex 32` prints.");
        digest = Digest(key);
    }

    /// <summary>What <see cref="Variable"/> holds; null where it is not set.</summary>
    /// <inheritdoc cref="ApiKey(string)"/>
    public static ApiKey? FromEnvironment() => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } key ? new(key) : null;

    /// <summary>Whether a request shows the key; takes as long however much of it is right.</summary>
    public bool IsShownBy(HttpRequest request) =>
        AuthenticationHeaderValue.TryParse(request.Headers.Authorization, out var shown) && shown.Scheme.Equals("Bearer", StringComparison.OrdinalIgnoreCase)
        && CryptographicOperations.FixedTimeEquals(Digest(shown.Parameter ?? ""), digest);

    static byte[] Digest(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));
}
