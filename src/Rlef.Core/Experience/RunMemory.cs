using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Rlef.Randomness;

namespace Rlef.Experience;

/// <summary>
/// What a run remembers from update to update beside its weights. The arms are settings without a memory of their own: they read this one, which is part of
/// every checkpoint.
/// </summary>
public sealed class RunMemory
{
    static readonly JsonSerializerOptions Json = new() { RespectNullableAnnotations = true };

    /// <summary>How often rollouts were collected.</summary>
    [JsonRequired] public int Rounds { get; set; }

    /// <summary>How far a curriculum that passes over problems has come in their endless order.</summary>
    public long Place { get; set; }

    /// <summary>By problem; one that was never played is not there.</summary>
    [JsonRequired] public Dictionary<string, ProblemRecord> Problems { get; init; } = [];

    /// <summary>Episodes that are kept, the oldest first.</summary>
    [JsonRequired] public List<TrainingSequence> Buffer { get; init; } = [];

    /// <summary>State of a reward that is fitted.</summary>
    public JsonNode? Reward { get; set; }

    /// <summary>Weight of the KL penalty, which may adapt; null before the first update that measures the KL.</summary>
    public double? KlWeight { get; set; }

    /// <summary>Counts episodes that were played.</summary>
    public void Observe(IEnumerable<(string Problem, bool Solved, double Reward)> episodes)
    {
        foreach (var (problem, solved, reward) in episodes)
        {
            var before = Problems.GetValueOrDefault(problem) ?? new(0, 0, double.NegativeInfinity);
            Problems[problem] = new(before.Played + 1, before.Solved + (solved ? 1 : 0), Math.Max(before.Best, reward));
        }
    }

    /// <summary>Some of the kept episodes, none twice.</summary>
    public IReadOnlyList<TrainingSequence> Sample(int count, RandomStream random)
    {
        var order = Enumerable.Range(0, Buffer.Count).ToArray();
        random.Shuffle<int>(order);
        return [.. order.Take(count).Select(i => Buffer[i])];
    }

    /// <param name="Played">Episodes.</param>
    /// <param name="Solved">Those of them that passed all tests.</param>
    /// <param name="Best">Highest reward.</param>
    public sealed record ProblemRecord(int Played, int Solved, double Best);

    public string ToJson() => JsonSerializer.Serialize(this);

    /// <exception cref="JsonException">It is no such memory.</exception>
    public static RunMemory FromJson(string json) => JsonSerializer.Deserialize<RunMemory>(json, Json) ?? throw new JsonException("an object is expected, not null.");
}
