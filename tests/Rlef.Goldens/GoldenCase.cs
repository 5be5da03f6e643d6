using System.Text.Json;

namespace Rlef.Goldens;

/// <summary>One row of a file of golden values: what another's own code said about it, and what ours says.</summary>
/// <param name="Row">As the file has it.</param>
/// <param name="Name">Tells the row to people.</param>
/// <param name="Theirs">Whether the other accepts.</param>
/// <param name="Ours">Whether we do.</param>
/// <param name="Answers">What was expected and what came, test by test up to the last that was judged: texts, or values as JSON.</param>
/// <param name="Detail">What there is to say about ours, such as the verdict.</param>
record GoldenCase(JsonElement Row, string Name, bool Theirs, bool Ours, IReadOnlyList<(string Expected, string Actual)> Answers, string Detail)
{
    /// <summary>A field's text, or that of a flag; empty where there is none.</summary>
    public string Text(string field) => Text(Row, field) is { Length: > 0 } text ? text
        : Row.TryGetProperty("flags", out var flags) ? Text(flags, field) : "";

    /// <summary>What a plain interpreter did on each test; empty where the file does not say.</summary>
    public IReadOnlyList<string> Plain => Row.TryGetProperty("plain_interpreter", out var list) ? [.. list.EnumerateArray().Select(t => t.GetString()!)] : [];

    static string Text(JsonElement row, string field) => row.TryGetProperty(field, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";

    /// <summary>What differs, in words.</summary>
    public virtual string Difference => $"{(Theirs ? "accepted" : "refused")} there, {Detail} here";

    /// <summary>What the row asks for and we do not have; null where we have it.</summary>
    public virtual string? NotOffered => null;

    /// <summary>Theirs refuse what we accept.</summary>
    public bool OnlyOurs => Ours && !Theirs;

    /// <summary>They accept what we refuse.</summary>
    public bool OnlyTheirs => Theirs && !Ours;
}
