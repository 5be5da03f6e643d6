using System.Text.Encodings.Web;
using System.Text.Json;

namespace Rlef.Storage;

/// <summary>JSON that people read too: letters of all alphabets stand there as they are.</summary>
public static class JsonText
{
    public static JsonSerializerOptions Line { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static JsonSerializerOptions Indented { get; } = new(Line) { WriteIndented = true };
}
