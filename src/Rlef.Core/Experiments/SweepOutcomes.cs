using System.Collections.Immutable;
using System.IO.Compression;
using System.Text.Json;
using Rlef.Evaluation;
using Rlef.Execution;
using Rlef.Problems.Formats;
using Rlef.Storage;

namespace Rlef.Experiments;

/// <summary>
/// What became of every dialogue that a sweep scored, and what its runs were like: enough to compute its results anew, and to enlarge them by other seeds, policies or
/// arms where the runs themselves are no longer at hand. Kept beside the results, compressed.
/// </summary>
public sealed record SweepOutcomes(IReadOnlyList<TrainedRun> Runs, IReadOnlyList<SweepOutcomes.Evaluation> Evaluations)
{
    /// <summary>One policy with one feedback.</summary>
    /// <param name="Folder">Of the run or base policy, below the folder of all runs.</param>
    /// <param name="File">There; its name tells feedback, turn limit, dialogues for each problem, lengths, temperature and problems.</param>
    public sealed record Evaluation(string Folder, string File, IReadOnlyList<Problem> Problems);

    /// <param name="Dialogues">With spaces between them: the first letter of each turn's verdict on the public tests (<see cref="Letters"/>), and behind a
    /// colon of that on the private ones, where those were run.</param>
    public sealed record Problem(string Id, string Cluster, string Dialogues);

    /// <summary>In the order of <see cref="VerdictKind"/>; a turn without a program is a dash.</summary>
    const string Letters = "AWROTMCI", Nothing = "-";

    /// <summary>Where they stand beside a results file.</summary>
    public static string PathBeside(string results) =>
        ((string[])[".results.json", ".json"]).Where(end => results.EndsWith(end, StringComparison.Ordinal)).Select(end => results[..^end.Length]).FirstOrDefault(results) + ".outcomes.json.gz";

    /// <summary>Those of an evaluation.</summary>
    public static Evaluation Of(string folder, string file, EvaluationResult result) => new(folder, file,
        [.. result.Outcomes.GroupBy(o => (o.Problem, o.Cluster)).Select(g => new Problem(g.Key.Problem, g.Key.Cluster, string.Join(' ', g.Select(Encode))))]);

    static string Encode(EpisodeOutcome outcome) => string.Concat(outcome.Turns.Select(Letter)) + (outcome.Private is null ? "" : $":{Letter(outcome.Private)}");

    static string Letter(VerdictKind? verdict) => verdict is { } kind ? $"{Letters[(int)kind]}" : Nothing;

    static EvaluationResult Decode(Evaluation evaluation) => new([.. evaluation.Problems.SelectMany(problem => problem.Dialogues.Split(' ').Select(dialogue =>
    {
        var parts = dialogue.Split(':');
        return new EpisodeOutcome(problem.Id, problem.Cluster, [.. parts[0].Select(Verdict)], parts.Length > 1 ? Verdict(parts[1].Single()) : null);
    }))]);

    static VerdictKind? Verdict(char letter) => letter == Nothing[0] ? null : Letters.IndexOf(letter) is >= 0 and var kind ? (VerdictKind)kind : throw new JsonException($"'{letter}' is no verdict.");

    public void Save(string path) => AtomicFile.WriteShared(path, stream =>
    {
        using var packed = new GZipStream(stream, CompressionLevel.SmallestSize, leaveOpen: true);
        JsonSerializer.Serialize(packed, this, SnakeJson.KnownOnly);
    });

    /// <exception cref="InvalidDataException">The file is damaged; the message names it.</exception>
    public static SweepOutcomes Load(string path)
    {
        using var packed = Unzipped.Open(path);
        try
        {
            var outcomes = JsonSerializer.Deserialize<SweepOutcomes>(packed, SnakeJson.KnownOnly) ?? throw new JsonException("an object is expected, not null.");
            foreach (var evaluation in outcomes.Evaluations)
                Decode(evaluation);
            return outcomes;
        }
        catch (InvalidDataException e)
        {
            throw new InvalidDataException($"{path}: the gzip data break off or are damaged. Fetch the file again.", e);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new InvalidDataException($"{path}: no outcomes of a sweep: {e.OneLine()}", e);
        }
    }

    /// <summary>Puts them where a sweep looks for what was scored. Runs and scores that are there stay as they are.</summary>
    /// <param name="root">Folder of all runs.</param>
    public void UnpackTo(string root)
    {
        foreach (var evaluation in Evaluations)
            if (Folder(evaluation.Folder) is { } folder && Path.Combine(folder, Path.GetFileName(evaluation.File)) is var path && !File.Exists(path))
                OutcomeFile.Write(path, Decode(evaluation));
        foreach (var run in Runs)
            if (Folder(run.Folder) is { } folder)
                run.SaveAlone(folder);

        // Null where a run lies there itself.
        string? Folder(string name) => Path.Combine(root, Path.GetFileName(name)) is var folder && TrainedRun.IsIn(folder) ? null : Directory.CreateDirectory(folder).FullName;
    }
}
