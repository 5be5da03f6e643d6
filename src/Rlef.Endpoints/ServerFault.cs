using System.Text.Json;
using Rlef.Storage;

namespace Rlef.Endpoints;

/// <summary>What a server says about a request that it refused.</summary>
/// <param name="Code">Its word for the fault, such as <c>context_length_exceeded</c>; may be empty.</param>
/// <param name="Message">In one line.</param>
readonly record struct ServerFault(string Code, string Message)
{
    static readonly string[] ContextCodes = ["context_length_exceeded", "exceed_context_size_error"];
    static readonly string[] ContextWords = ["maximum context length", "context size", "context length", "context window"];

    /// <summary>Servers agree neither on the codes nor on the status.</summary>
    public bool IsOfContext
    {
        get
        {
            var (code, message) = (Code, Message);
            return ContextCodes.Contains(code) || ContextWords.Any(words => message.Contains(words, StringComparison.OrdinalIgnoreCase));
        }
    }

    public bool IsOfFilter => Code is "content_filter" or "content_policy_violation";

    /// <summary>Whether the server wants the longest answer under its newer name.</summary>
    public bool IsOfMaxTokens => Message.Contains("max_completion_tokens", StringComparison.Ordinal);

    /// <summary>Reads <c>{"error": {"code", "type", "message"}}</c> and what is like it; any other answer is its own message.</summary>
    public static ServerFault Read(string answer)
    {
        try
        {
            using var json = JsonDocument.Parse(answer);
            if (json.RootElement.ValueKind != JsonValueKind.Object)
                return new("", answer.OneLine());
            var body = json.RootElement;
            if (body.TryGetProperty("error", out var error))
                if (error.ValueKind == JsonValueKind.Object)
                    body = error;
                else
                    return new("", error.ToString().OneLine());
            var code = Text(body, "code");
            return new(code.Length > 0 && !code.All(char.IsAsciiDigit) ? code : Text(body, "type"),
                ((string[])["message", "detail"]).Select(name => Text(body, name)).FirstOrDefault(text => text.Length > 0, answer).OneLine());
        }
        catch (JsonException)
        {
            return new("", answer.OneLine());
        }
    }

    static string Text(JsonElement body, string name) => body.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value.ToString() : "";
}
