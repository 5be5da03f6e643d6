using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Rlef.Execution;
using Rlef.Problems;
using Rlef.Storage;

namespace Rlef.Evaluation.Samples;

/// <summary>
/// What has been judged so far, a line a sample, so that an interrupted evaluation goes on from there. A journal of other samples or problems is
/// begun anew. Not safe for use by many threads.
/// </summary>
public sealed class SampleJournal : IDisposable
{
    readonly string path;
    readonly string key;
    readonly FileStream file;

    SampleJournal(string path, string key, FileStream file) => (this.path, this.key, this.file) = (path, key, file);

    /// <summary>Opens the journal and hands over what it holds.</summary>
    /// <param name="packages">What programs may import: a journal of others is begun anew.</param>
    /// <param name="stopAtFirstFailure">How the samples are judged: likewise, as for <paramref name="details"/>.</param>
    public static SampleJournal Open(string path, string samples, ProblemSet problems, IReadOnlyList<PythonPackage> packages, bool stopAtFirstFailure, bool details, Action<int, SampleOutcome> judged)
    {
        var key = KeyOf(samples, problems, $"{(stopAtFirstFailure ? "first" : "all")}{(details ? " details" : "")}{string.Concat(packages.Select(p => $" {p}"))}");
        var file = FileLock.OpenAlone(path);
        var journal = new SampleJournal(path, key, file);
        var end = journal.Replay(judged);
        file.SetLength(end);
        file.Position = end;
        if (end == 0)
            journal.Write(key);
        return journal;
    }

    public void Add(int row, SampleOutcome outcome) =>
        Write(string.Create(CultureInfo.InvariantCulture, $"{row} {outcome.Verdict} {(outcome.PublicPassed ? 1 : 0)}")
            + (outcome.Failure is { } failure ? " " + JsonSerializer.Serialize(failure, SampleFailure.Json) : ""));

    public void Dispose() => file.Dispose();

    // Returns the end of the last whole line; 0 for a journal of something else.
    long Replay(Action<int, SampleOutcome> judged)
    {
        using var reader = new StreamReader(file, Encoding.ASCII, false, -1, leaveOpen: true);
        var text = reader.ReadToEnd();
        var lines = text[..(text.LastIndexOf('\n') + 1)].Split('\n');
        if (lines[0] != key)
            return 0;
        long end = key.Length + 1;
        foreach (var line in lines.AsSpan(1))
        {
            if (line.Split(' ', 4) is not [var row, var kind, var shown, .. var more] || !int.TryParse(row, CultureInfo.InvariantCulture, out var number)
                || !Enum.TryParse<VerdictKind>(kind, out var verdict) || shown is not ("0" or "1") || !TryRead(more, out var failure))
                break;
            judged(number, new(verdict, shown == "1", failure));
            end += line.Length + 1;
        }
        return end;
    }

    static bool TryRead(string[] json, out SampleFailure? failure)
    {
        failure = null;
        try
        {
            failure = json is [var text] ? JsonSerializer.Deserialize<SampleFailure>(text, SampleFailure.Json) : null;
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    void Write(string line)
    {
        file.Write(Encoding.ASCII.GetBytes(line + "\n"));
        file.Flush();
    }

    static string KeyOf(string samples, ProblemSet problems, string way)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using (var file = File.OpenRead(samples))
            hash.AppendData(SHA256.HashData(file));
        Add(way);
        foreach (var problem in problems)
        {
            Add($"{problem.Id} {problem.Comparison} {problem.Tolerance} {problem.IgnoreCase} {problem.SpaceSensitive} {problem.Limits}");
            foreach (var text in (string?[])[problem.EntryPoint, problem.EntryClass, problem.InputFile, problem.OutputFile, problem.CompletionPrefix, problem.Preamble, problem.Setup, problem.Checker])
                Add(text ?? "");
            foreach (var test in problem.AllTests)
            {
                Add(test.Input);
                Add(test.Output);
            }
        }
        return Convert.ToHexString(hash.GetHashAndReset());

        void Add(string text)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(text));
            hash.AppendData([0]);
        }
    }
}
