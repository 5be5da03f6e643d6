using Rlef.Execution;
using Rlef.Problems;

namespace Rlef.Goldens;

/// <summary>The public sets that rows name problems of.</summary>
static class ProblemSets
{
    public static string HumanEval { get; } = SharedData.File("humaneval", "HumanEval.jsonl.gz");

    public static string HumanEvalPlus { get; } = SharedData.File("evalplus", "HumanEvalPlus.jsonl.gz");

    public static string MbppPlus { get; } = SharedData.File("evalplus", "MbppPlus.jsonl.gz");

    public static string Mbpp { get; } = SharedData.File("mbpp", "mbpp.jsonl");

    static readonly Dictionary<string, IReadOnlyList<Problem>> read = [];

    /// <summary>The problems of all these sets by id; MBPP's own numbers are preceded by <c>Mbpp/</c>, as EvalPlus writes them.</summary>
    public static async Task<IReadOnlyDictionary<string, Problem>> ReadAsync(IEnumerable<string> sources, ISandbox sandbox)
    {
        Dictionary<string, Problem> problems = [];
        foreach (var source in sources)
        {
            if (!read.TryGetValue(source, out var set))
                read[source] = set = (await ProblemReader.ReadAsync(source, sandbox)).ToSet();
            foreach (var problem in set)
                problems[problem.Id.Contains('/') ? problem.Id : "Mbpp/" + problem.Id] = problem;
        }
        return problems;
    }
}
