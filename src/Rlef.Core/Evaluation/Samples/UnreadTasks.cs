using Rlef.Problems;

namespace Rlef.Evaluation.Samples;

/// <summary>Counts the samples of problems that cannot be read. Where a faulty row does not tell its id, that is any id that the set lacks.</summary>
sealed class UnreadTasks(IReadOnlyList<ProblemFault> faults)
{
    readonly Dictionary<string, ProblemFault> byId = faults.Where(f => f.Problem.Length > 0).DistinctBy(f => f.Problem).ToDictionary(f => f.Problem);
    readonly ProblemFault? nameless = faults.FirstOrDefault(f => f.Problem.Length == 0);
    readonly Dictionary<string, int> samples = [];

    /// <summary>In the order of their first samples.</summary>
    public IEnumerable<UnreadTask> Tasks => samples.Select(s => new UnreadTask(s.Key, s.Value, $"{FaultOf(s.Key)}"));

    /// <summary>Whether the id is of such a problem.</summary>
    public bool Holds(string id) => FaultOf(id) is not null;

    /// <summary>The same; counts a sample of it.</summary>
    public bool Count(string id)
    {
        if (!Holds(id))
            return false;
        samples[id] = samples.GetValueOrDefault(id) + 1;
        return true;
    }

    ProblemFault? FaultOf(string id) => byId.GetValueOrDefault(id) ?? nameless;
}
