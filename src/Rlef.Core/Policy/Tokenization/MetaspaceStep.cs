using System.Text.Json;

namespace Rlef.Policy;

/// <summary>The fields of a <c>tokenizer.json</c>'s Metaspace step, a pre-tokenizer and a decoder alike: a mark stands for each space.</summary>
static class MetaspaceStep
{
    public static string Mark(TokenizerField step) => step.Find("replacement")?.Name ?? "\u2581";

    /// <summary>Where a mark is put before a text: "always", "first" or "never".</summary>
    public static string Scheme(TokenizerField step) => step.Find("prepend_scheme")?.Text
        ?? (step.Find("add_prefix_space")?.Value.ValueKind == JsonValueKind.False ? "never" : "always");
}
