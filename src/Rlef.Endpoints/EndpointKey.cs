using System.Net.Http.Headers;

namespace Rlef.Endpoints;

/// <summary>What a server wants to be shown. It stands in the environment only, and nothing prints it.</summary>
public sealed class EndpointKey
{
    /// <summary>Where it may stand; the first that is set counts.</summary>
    public static IReadOnlyList<string> Variables { get; } = ["RLEF_API_KEY", "OPENAI_API_KEY"];

    readonly string key;

    /// <exception cref="ArgumentException">It cannot stand in a header.</exception>
    EndpointKey(string variable, string key)
    {
        (Variable, this.key) = (variable, key.Trim());
        if (this.key.Any(c => c is <= ' ' or > '~'))
            throw new ArgumentException($"{variable} is no key: it has blanks or characters that are not ASCII. Copy it again.");
    }

    /// <summary>Where it was found.</summary>
    public string Variable { get; }

    /// <summary>Null where no variable is set.</summary>
    /// <inheritdoc cref="EndpointKey(string, string)"/>
    public static EndpointKey? FromEnvironment() => Variables
        .Select(name => (Name: name, Key: Environment.GetEnvironmentVariable(name)))
        .Where(v => !string.IsNullOrWhiteSpace(v.Key)).Select(v => new EndpointKey(v.Name, v.Key!)).FirstOrDefault();

    internal AuthenticationHeaderValue Header => new("Bearer", key);

    /// <summary>The text without the key: servers quote what they refuse.</summary>
    public string Redact(string text) => text.Replace(key, "(the key)", StringComparison.Ordinal);

    public override string ToString() => $"the key in {Variable}";
}
