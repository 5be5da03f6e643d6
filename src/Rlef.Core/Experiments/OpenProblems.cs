using System.Collections.Immutable;
using System.Text.Json;
using Rlef.Evaluation;
using Rlef.Problems;
using Rlef.Storage;

namespace Rlef.Experiments;

/// <summary>
/// The problems that a policy solves sometimes, by an evaluation of it. What it never or always solves pays all its programs the same and teaches nothing
/// (DAPO, arXiv 2503.14476, section 3.2); measured once before training, nothing is played for it at all.
/// </summary>
/// <param name="Never">How many it never solved.</param>
/// <param name="Always">How many it always solved.</param>
public sealed record OpenProblems(ImmutableArray<Problem> Problems, int Never, int Always)
{
    /// <param name="results">File that <c>evaluate --out</c> wrote.</param>
    /// <exception cref="InvalidDataException">The file is damaged or says nothing of a problem, or no problem is left; the message says which.</exception>
    public static OpenProblems Of(IEnumerable<Problem> problems, string results) => Of(problems, JsonFile.Read(results, Counts, "It should be a file that 'evaluate --out' wrote."), results);

    /// <param name="policy">Its name, for messages.</param>
    /// <exception cref="InvalidDataException">No problem is left.</exception>
    public static OpenProblems Of(IEnumerable<Problem> problems, EvaluationResult result, string policy) => Of(problems,
        result.Outcomes.Where(o => o.Counts).GroupBy(o => o.Problem).ToDictionary(g => g.Key, g => (g.Count(), g.Count(o => o.SolvedWithin(int.MaxValue)))), policy);

    static OpenProblems Of(IEnumerable<Problem> problems, IReadOnlyDictionary<string, (int Played, int Solved)> counts, string source)
    {
        var (open, never, always) = (ImmutableArray.CreateBuilder<Problem>(), 0, 0);
        foreach (var problem in problems)
        {
            if (!counts.TryGetValue(problem.Id, out var times))
                throw new InvalidDataException($"{source} says nothing of problem '{problem.Id}': evaluate the policy on these problems.");
            if (times.Solved == 0)
                never++;
            else if (times.Solved == times.Played)
                always++;
            else
                open.Add(problem);
        }
        return open.Count > 0 ? new(open.ToImmutable(), never, always)
            : throw new InvalidDataException($"{source}: the policy solves every problem always or never ({always} and {never}), so none is left. " +
                "Play more samples of each, or begin with another policy.");
    }

    sealed record Evaluated(Evaluated.Task[] Tasks)
    {
        public sealed record Task(string TaskId, int N, int C);
    }

    static Dictionary<string, (int Played, int Solved)> Counts(string text) =>
        (JsonSerializer.Deserialize<Evaluated>(text, SnakeJson.Line) ?? throw new JsonException("an object is expected.")).Tasks.Where(t => t.N > 0).ToDictionary(t => t.TaskId, t => (t.N, t.C));
}
