using System.Text.Json;

namespace Rlef.Goldens.Numbers;

/// <summary>One row of numbers.</summary>
/// <param name="Kind">Why ours are others on purpose; null where they are to be the same.</param>
/// <param name="Found">What differs, in words; null for nothing.</param>
/// <param name="Missing">What the row asks for and we do not have; null where we have it.</param>
sealed record GoldenNumbers(JsonElement Row, string Name, string? Kind, string? Found, string? Missing) : GoldenCase(Row, Name, true, Kind is null && Found is null, [], Found ?? "")
{
    public override string Difference => Detail;
    public override string? NotOffered => Missing;
}
