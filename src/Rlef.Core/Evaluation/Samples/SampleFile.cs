using System.Text.Json;
using Rlef.Problems;
using Rlef.Problems.Formats;

namespace Rlef.Evaluation.Samples;

/// <summary>
/// Samples made elsewhere: one JSON object a line, plain or gzipped, with <c>task_id</c> (or <c>id</c>) and either <c>completion</c>, which continues
/// the problem's prompt, or <c>program</c> (or <c>solution</c>), which is whole. Read as a stream: a file may be larger than memory.
/// </summary>
public static class SampleFile
{
    /// <param name="isUnread">Whether the id that a set lacks is of a problem of it that cannot be read: the sample is left out then. Null for none.</param>
    /// <exception cref="ProblemFormatException">A line is no sample, or its problem is not in the set.</exception>
    /// <exception cref="InvalidDataException">The compressed data are broken.</exception>
    public static IEnumerable<Sample> Read(string path, ProblemSet problems, Func<string, bool>? isUnread = null)
    {
        var row = 0;
        foreach (var (record, fault) in RecordFile.Read(path))
        {
            if (record is null)
                throw fault!;
            if (!record.Has("task_id") && !record.Has("id"))
                throw record.Fault("task_id", "missing; it names the problem that the sample is for.");
            var id = record.Id(record.Has("task_id") ? "task_id" : "id");
            var index = problems.IndexOf(id);
            if (index < 0 && isUnread?.Invoke(id) == true)
                continue;
            if (index < 0)
                throw record.Fault("task_id", $"the set '{problems.Name}' has no problem '{id}' that can be judged. Its first is '{problems[0].Id}'.");
            yield return new(row++, index, Program(record, problems[index]));
        }
    }

    static string Program(JsonRecord record, Problem problem) =>
        record.Text("program") ?? record.Text("solution")
        ?? (record.Text("completion") is { } completion ? problem.CompletionPrefix + completion : null)
        ?? throw record.Fault("completion", "missing or null; a sample has a completion, which continues the prompt, or a whole program. Write \"\" for none.");
}
