using System.Text.Json;
using System.Text.Json.Serialization;
using Rlef.Evaluation;
using Rlef.Storage;

namespace Rlef.Experiments;

/// <summary>What became of the episodes of an evaluation, as sweeps keep it.</summary>
static class OutcomeFile
{
    static readonly JsonSerializerOptions Json = new() { RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true, Converters = { new JsonStringEnumConverter() } };

    /// <summary>What was played is played once. Where the sandbox failed in some of it, all is played again, and what had a verdict keeps it.</summary>
    /// <exception cref="InvalidDataException">The file is damaged; the message names it.</exception>
    public static async Task<EvaluationResult> ReadOrPlayAsync(string path, Func<Task<EvaluationResult>> play)
    {
        var kept = File.Exists(path) ? Read(path) : null;
        if (kept is not null && !kept.Outcomes.Any(o => o.Masked))
            return kept;
        var played = await play();
        if (kept?.Outcomes.Length == played.Outcomes.Length)
            played = new(kept.Outcomes.Zip(played.Outcomes, (before, now) => before.Masked ? now : before));
        Write(path, played);
        return played;
    }

    public static void Write(string path, EvaluationResult result) => AtomicFile.WriteText(path, JsonSerializer.Serialize(result.Outcomes, Json));

    /// <inheritdoc cref="ReadOrPlayAsync" path="/exception"/>
    public static EvaluationResult Read(string path) => new(JsonFile.Read(path, Parse, "Remove the file; the sweep then scores that policy again."));

    static EpisodeOutcome[] Parse(string text)
    {
        var outcomes = JsonSerializer.Deserialize<EpisodeOutcome?[]>(text, Json);
        return outcomes is null || outcomes.Contains(null) ? throw new JsonException("a list of outcomes is expected.") : [.. outcomes.OfType<EpisodeOutcome>()];
    }
}
