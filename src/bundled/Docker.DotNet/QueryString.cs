using System.Text;
using System.Text.Json;

namespace Docker.DotNet;

/// <summary>The query part of a request; what is null is left out.</summary>
sealed class QueryString
{
    readonly StringBuilder text = new();

    public QueryString Add(string name, string? value)
    {
        if (value is not null)
            text.Append(text.Length == 0 ? '?' : '&').Append(name).Append('=').Append(Uri.EscapeDataString(value));
        return this;
    }

    public QueryString Add(string name, bool? value) => Add(name, value switch { true => "1", false => "0", null => null });

    public QueryString Add(string name, IDictionary<string, IDictionary<string, bool>>? map) => Add(name, map is null ? null : JsonSerializer.Serialize(map));

    public override string ToString() => text.ToString();
}
