using System.Text.Json;
using Rlef.Execution;
using Rlef.Rewards;

namespace Rlef.Goldens;

/// <summary>What RLTF's own code, and an independent reading of its paper, say about rewards and errors. We follow the paper.</summary>
static class Rltf
{
    public const string File = "rltf.json";

    public static IReadOnlyList<IGoldenFile> Rewards(ISandbox sandbox) => [new RltfLevels(), new RltfHarness(sandbox), new RltfFaults(sandbox)];

    public static IEnumerable<JsonElement> Of(IEnumerable<JsonElement> rows, string function) => rows.Where(r => r.GetProperty("function").GetString() == function);

    public static string NameOf(JsonElement row) => row.GetProperty("name").GetString()!;

    public static JsonElement Paper(JsonElement row) => row.GetProperty("outputs").GetProperty("paper");

    /// <param name="input">Name of the input that has it.</param>
    public static Outcome OutcomeOf(JsonElement row, string input) => row.GetProperty("inputs").GetProperty(input).GetString() switch
    {
        "syntax_error" => Outcome.SyntaxError,
        "runtime_error" => Outcome.Error,
        "wrong_answer" => Outcome.Failure,
        "all_passed" => Outcome.Pass,
        var other => throw new InvalidDataException($"{NameOf(row)}: there is no outcome '{other}'."),
    };

    public static bool HasAdaptive(JsonElement row) => Paper(row).GetProperty("adaptive").ValueKind == JsonValueKind.Number;
}
