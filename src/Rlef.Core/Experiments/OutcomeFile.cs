using System.Text.Json;
using System.Text.Json.Serialization;
using Rlef.Evaluation;
using Rlef.Storage;

namespace Rlef.Experiments;

/// <summary>What became of the episodes of an evaluation, as sweeps keep it.</summary>
static class OutcomeFile
{
    static readonly JsonSerializerOptions Json = new() { Converters = { new JsonStringEnumConverter() } };

    /// <summary>What was played is played once.</summary>
    /// <exception cref="InvalidDataException">The file is damaged; the message names it.</exception>
    public static async Task<EvaluationResult> ReadOrPlayAsync(string path, Func<Task<EvaluationResult>> play)
    {
        if (!File.Exists(path))
            AtomicFile.WriteText(path, JsonSerializer.Serialize((await play()).Outcomes, Json));
        return Read(path);
    }

    /// <inheritdoc cref="ReadOrPlayAsync" path="/exception"/>
    public static EvaluationResult Read(string path) =>
        new(JsonFile.Read(path, text => JsonSerializer.Deserialize<EpisodeOutcome[]>(text, Json) ?? [], "Remove the file; the sweep then scores that policy again."));
}
