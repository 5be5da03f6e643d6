using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Rlef.Storage;

namespace Rlef.Server;

/// <summary>The fields of an object in a request, each of which must be known: one that is passed over in silence would change what is meant. Null counts as absent.</summary>
sealed class RequestFields
{
    readonly Dictionary<string, JsonElement> fields = [];
    readonly HashSet<string> known = [];
    readonly string at;

    /// <param name="value">Must be an object.</param>
    /// <param name="at">Its place in the request; empty for the request itself.</param>
    public RequestFields(JsonElement value, string at)
    {
        this.at = at;
        foreach (var field in value.EnumerateObject())
            if (NameOf(field) is var name && !fields.TryAdd(name, field.Value))
                throw Fault(PathOf(name), "stands there twice.");
    }

    public static async Task<RequestFields> ReadAsync(HttpRequest request, long most, CancellationToken cancellation)
    {
        try
        {
            var body = await RequestBody.ReadJsonAsync(request, most, cancellation);
            return body.ValueKind == JsonValueKind.Object ? new(body, "") : throw new RequestFault("The request is no JSON object.");
        }
        catch (JsonException e)
        {
            throw new RequestFault($"The request cannot be read: {e.InWordsWithPlace()}");
        }
    }

    /// <summary>The fields of a value, which must be an object.</summary>
    public static RequestFields Of(JsonElement value, string at) => value.ValueKind == JsonValueKind.Object ? new(value, at) : throw Fault(at, "takes an object.");

    /// <summary>A field's place in the request.</summary>
    public string PathOf(string name) => at.Length == 0 ? name.OneLine() : $"{at}.{name.OneLine()}";

    public JsonElement? Find(string name)
    {
        known.Add(name);
        return fields.TryGetValue(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;
    }

    /// <param name="above">Whether the least value itself is too little.</param>
    /// <param name="hint">What else is said of a number that is too little or too much, as a sentence.</param>
    public double? Number(string name, double least, double most, bool above = false, string hint = "") => Find(name) is not { } value ? null
        : value.ValueKind == JsonValueKind.Number && value.GetDouble() is var number && (above ? number > least : number >= least) && number <= most ? number
        : throw Fault(PathOf(name), FormattableString.Invariant($"takes a number {(above ? $"above {least} and at most" : $"from {least} to")} {most}. {hint}").TrimEnd());

    public long? Integer(string name, long least, long most) => Find(name) is not { } value ? null
        : value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) && number >= least && number <= most ? number
        : throw Fault(PathOf(name), $"takes a whole number from {least} to {most}.");

    public bool Flag(string name) => Find(name)?.ValueKind switch
    {
        null or JsonValueKind.False => false,
        JsonValueKind.True => true,
        _ => throw Fault(PathOf(name), "takes true or false."),
    };

    public string? Text(string name) => Find(name) is { } value ? TextOf(value, PathOf(name)) : null;

    public string RequiredText(string name) => Text(name) ?? throw Missing(name);

    public RequestFields? Object(string name) => Find(name) is { } value ? Of(value, PathOf(name)) : null;

    /// <summary>The elements of a list, each with its place in the request.</summary>
    public IReadOnlyList<(JsonElement Value, string At)>? List(string name) => Find(name) is not { } value ? null
        : value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray().Select((element, i) => (element, $"{PathOf(name)}[{i}]"))]
        : throw Fault(PathOf(name), "takes a list.");

    /// <summary>The text of a value, which must be one.</summary>
    public static string TextOf(JsonElement value, string at)
    {
        if (value.ValueKind != JsonValueKind.String)
            throw Fault(at, "takes a text.");
        try
        {
            return value.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw Fault(at, "takes a text, of whole characters.");
        }
    }

    /// <summary>Whether a value is this text.</summary>
    public static bool IsText(JsonElement value, string text, string at) => value.ValueKind == JsonValueKind.String && TextOf(value, at) == text;

    /// <summary>A field of OpenAI's that this server offers in one way only.</summary>
    public void Only(string name, Func<JsonElement, bool> offered, string what)
    {
        if (Find(name) is { } value && !offered(value))
            throw Fault(PathOf(name), $"is not offered here{what}.");
    }

    /// <summary>Fields that decide nothing here.</summary>
    public void Ignore(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
            known.Add(name);
    }

    public void RefuseOthers()
    {
        if (fields.Keys.FirstOrDefault(name => !known.Contains(name)) is { } other)
            throw Fault(PathOf(other), "is not known to this server.", "unknown_parameter");
    }

    public RequestFault Missing(string name) => Fault(PathOf(name), "is missing.");

    /// <param name="separator">Between the two, where what is said goes on as no sentence of the field.</param>
    public static RequestFault Fault(string at, string what, string? code = null, string separator = " ") => new($"{at}{separator}{what}", at: at, code: code);

    string NameOf(JsonProperty field)
    {
        try
        {
            return field.Name;
        }
        catch (InvalidOperationException)
        {
            throw new RequestFault($"A field's name{(at.Length == 0 ? "" : $" in {at}")} is a text, of whole characters.");
        }
    }
}
