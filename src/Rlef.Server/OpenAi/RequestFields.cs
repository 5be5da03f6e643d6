using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Rlef.Storage;

namespace Rlef.Server;

/// <summary>The fields of a request, each of which must be known: one that is passed over in silence would change what is meant. Null counts as absent.</summary>
sealed class RequestFields(JsonElement body)
{
    readonly HashSet<string> known = [];

    public static async Task<RequestFields> ReadAsync(HttpRequest request, long most, CancellationToken cancellation)
    {
        try
        {
            var body = await RequestBody.ReadJsonAsync<JsonElement>(request, most, OpenAiJson.Options, cancellation);
            return body.ValueKind == JsonValueKind.Object ? new(body) : throw new RequestFault("The request is no JSON object.");
        }
        catch (JsonException e)
        {
            throw new RequestFault($"The request cannot be read: {e.InWordsWithPlace()}");
        }
    }

    public JsonElement? Find(string name)
    {
        known.Add(name);
        return body.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;
    }

    /// <param name="above">Whether the least value itself is too little.</param>
    public double? Number(string name, double least, double most, bool above = false) => Find(name) is not { } value ? null
        : value.ValueKind == JsonValueKind.Number && value.GetDouble() is var number && (above ? number > least : number >= least) && number <= most ? number
        : throw Fault(name, FormattableString.Invariant($"takes a number {(above ? $"above {least} and at most" : $"from {least} to")} {most}."));

    public long? Integer(string name, long least, long most) => Find(name) is not { } value ? null
        : value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) && number >= least && number <= most ? number
        : throw Fault(name, $"takes a whole number from {least} to {most}.");

    public bool Flag(string name) => Find(name)?.ValueKind switch
    {
        null or JsonValueKind.False => false,
        JsonValueKind.True => true,
        _ => throw Fault(name, "takes true or false."),
    };

    public string? Text(string name) => Find(name) is { } value ? TextOf(value, name) : null;

    /// <summary>The text of a value, which must be one.</summary>
    public static string TextOf(JsonElement value, string at)
    {
        try
        {
            return value.GetString() ?? throw Fault(at, "takes a text.");
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
            throw Fault(name, $"is not offered here{what}.");
    }

    /// <summary>Fields that decide nothing here.</summary>
    public void Ignore(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
            known.Add(name);
    }

    public void RefuseOthers()
    {
        foreach (var field in body.EnumerateObject())
            if (!known.Contains(NameOf(field)))
                throw Fault(NameOf(field).OneLine(), "is not known to this server.", "unknown_parameter");
    }

    static string NameOf(JsonProperty field)
    {
        try
        {
            return field.Name;
        }
        catch (InvalidOperationException)
        {
            throw Fault("a field's name", "must be a text, of whole characters.");
        }
    }

    public static RequestFault Fault(string name, string what, string? code = null) => new($"{name} {what}", at: name, code: code);
}
