using System.Collections.Immutable;
using Rlef.Execution;
using Rlef.Problems.Formats;

namespace Rlef.Problems;

/// <summary>
/// Reads problems of every known format (docs/formats.md): files are JSONL or a JSON array, plain or gzipped, or Parquet; a Kattis package is a folder. The
/// format is recognised from the content.
/// </summary>
public static class ProblemReader
{
    /// <summary>Names for <c>--format</c>.</summary>
    public static IEnumerable<string> Formats => ProblemFormats.Names;

    /// <param name="path">A file, a folder that is one problem, a folder of such folders, or Parquet shards (their folder, or their names up to the number);
    /// with <c>#FIRST-LAST</c> behind it, only the problems at those places, from 1.</param>
    /// <param name="sandbox">Runs references where a format's tests come from them.</param>
    /// <param name="format">The format's name; null to recognise it.</param>
    /// <param name="done">Receives the number of problems that are ready.</param>
    /// <exception cref="ProblemFormatException">Not one record can be read; the message tells the first fault.</exception>
    /// <exception cref="IOException">The source cannot be read.</exception>
    /// <exception cref="InvalidDataException">The compressed data are broken.</exception>
    public static async Task<ProblemReading> ReadAsync(string path, ISandbox sandbox, string? format = null, IProgress<(int Done, int Total)>? done = null,
        CancellationToken cancellation = default)
    {
        var (known, source) = ProblemSource.Open(path, format);
        List<ProblemDraft> drafts = [];
        List<ProblemFault> faults = [];
        var (records, lines) = (0, new Dictionary<string, ProblemDraft>(StringComparer.Ordinal));
        foreach (var (draft, fault) in source)
        {
            records++;
            if (draft is null)
                faults.Add(fault!);
            else if (!lines.TryAdd(draft.Problem.Id, draft))
                faults.Add(new(draft.File, draft.Line, draft.Problem.Id, "id", $"'{draft.Problem.Id}' stands on line {lines[draft.Problem.Id].Line} already; ids must differ."));
            else
                drafts.Add(draft);
        }
        var maker = new TestMaker(sandbox, TestCache.Standard);
        var ready = 0;
        var made = await Task.WhenAll(drafts.Select(async draft =>
        {
            var result = await maker.MakeAsync(draft, cancellation);
            done?.Report((Interlocked.Increment(ref ready), drafts.Count));
            return result;
        }));
        faults.AddRange(made.Select(m => m.Fault).OfType<ProblemFault>());
        if (drafts.Count == 0)
            throw faults[0].ToException();
        return new(path, known.Name, records, drafts.Count(d => d.Problem.Reference is not null),
            [.. made.Zip(drafts).Where(m => m.First.Problem is not null).Select(m => new ProblemReading.Located(m.First.Problem!, m.Second.File, m.Second.Line))],
            [.. faults.OrderBy(f => f.File, StringComparer.Ordinal).ThenBy(f => f.Line)]);
    }

    /// <summary>Reads one problem of a set; only its own tests are made.</summary>
    /// <param name="id">Its id; null where the set has only one.</param>
    /// <inheritdoc cref="ReadAsync"/>
    /// <exception cref="ProblemFormatException">The problem, or a set without such a problem, has a fault.</exception>
    /// <exception cref="ArgumentException">The set has no such problem, or more than one to choose from.</exception>
    public static async Task<Problem> ReadOneAsync(string path, string? id, ISandbox sandbox, string? format = null, CancellationToken cancellation = default)
    {
        var (ids, faults, found) = (new List<string>(), new List<ProblemFault>(), default(ProblemDraft));
        foreach (var (draft, fault) in ProblemSource.Open(path, format).Records)
        {
            ids.Add(draft?.Problem.Id ?? fault!.Problem);
            if (fault is not null)
                faults.Add(fault);
            else if (found is null && (id is null || draft!.Problem.Id == id))
                found = draft;
            if (id is not null && ids[^1] == id)
                break;
        }
        if (id is null && ids.Count > 1)
            throw new ArgumentException($"{path} has {ids.Count} problems, such as {string.Join(", ", ids.Take(3))}: name one.");
        if (found is null)
            throw (faults.Find(f => id is null || f.Problem == id) ?? (faults.Count == ids.Count ? faults.FirstOrDefault() : null)) is { } fault
                ? fault.ToException()
                : new ArgumentException($"{path} has no problem '{id}'. It has {ids.Count}, such as {string.Join(", ", Similar(ids, id!).Take(3))}.");
        var (problem, failed) = await new TestMaker(sandbox, TestCache.Standard).MakeAsync(found, cancellation);
        return problem ?? throw failed!.ToException();
    }

    // HumanEval/17 is looked for as 17.
    static IEnumerable<string> Similar(IEnumerable<string> ids, string id) =>
        ids.OrderByDescending(other => other.EndsWith(id, StringComparison.OrdinalIgnoreCase)).ThenByDescending(other => other.Contains(id, StringComparison.OrdinalIgnoreCase));
}
