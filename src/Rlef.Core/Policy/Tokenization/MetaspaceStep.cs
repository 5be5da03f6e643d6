using System.Text.Json;

namespace Rlef.Policy;

/// <summary>The fields of a <c>tokenizer.json</c>'s Metaspace step, a pre-tokenizer and a decoder alike: a mark stands for each space.</summary>
static class MetaspaceStep
{
    public static string Mark(JsonElement step) => step.TryGetProperty("replacement", out var mark) ? mark.GetString()! : "\u2581";

    /// <summary>Where a mark is put before a text: "always", "first" or "never".</summary>
    public static string Scheme(JsonElement step) => step.TryGetProperty("prepend_scheme", out var scheme) ? scheme.GetString()!
        : step.TryGetProperty("add_prefix_space", out var add) && add.ValueKind == JsonValueKind.False ? "never" : "always";
}
