using System.Text.Encodings.Web;
using System.Text.Json;

namespace Rlef.Server;

/// <summary>How answers are written.</summary>
static class OpenAiJson
{
    public static JsonSerializerOptions Options { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        // Answers are no part of a page.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };
}
