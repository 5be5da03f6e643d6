using System.Text.Json;

namespace Rlef.Goldens;

/// <summary>One row that holds a value, not a verdict: ours is the same or it is not.</summary>
/// <param name="There">The other's value in words, as far as the row has it.</param>
/// <param name="Here">Ours in the same words.</param>
sealed record GoldenValue(JsonElement Row, string Name, string There, string Here) : GoldenCase(Row, Name, true, There == Here, [], Here)
{
    public override string Difference => $"{There} there, {Here} here";
}
