using System.Globalization;
using Rlef.Execution;

namespace Rlef.Learning;

/// <summary>Notices that a policy solves nothing, which teaches nothing where all that fails is paid alike, and says what most often keeps its programs from passing.</summary>
/// <param name="config">Of the run.</param>
public sealed class NothingSolved(TrainingConfig config)
{
    // Among so many episodes of a policy that solves a problem in twenty, one without any is rarer than one in twenty-five.
    const int Enough = 64;

    readonly Dictionary<string, double> sums = [];
    int updates, episodes;
    bool said;

    /// <summary>Hears of every update, in order.</summary>
    /// <returns>What is wrong and what to try, once; otherwise null.</returns>
    public string? Tell(IReadOnlyDictionary<string, double> metrics)
    {
        // Nothing is played where all was played before; where the sandbox failed in all of it, nothing is known to be solved.
        if (said || !metrics.ContainsKey("turns"))
            return null;
        said = metrics.GetValueOrDefault("solve_rate") > 0;
        updates++;
        episodes += (int)metrics.GetValueOrDefault("episodes", config.ProblemsPerUpdate * config.SamplesPerProblem);
        foreach (var (name, value) in metrics)
            sums[name] = sums.GetValueOrDefault(name) + value;
        if (said || episodes < Enough)
            return null;
        said = true;
        return $"Nothing was solved in {episodes} episodes: {Reason()}";
    }

    string Reason()
    {
        if (Of(VerdictKind.InfrastructureError) > 0.5)
            return "the sandbox fails. Look at it first (./rlef doctor).";
        double noCode = Share("no_code_rate"), compile = Of(VerdictKind.CompileError), error = Of(VerdictKind.RuntimeError), wrong = Of(VerdictKind.WrongAnswer), length = Share("response_tokens");
        double time = Of(VerdictKind.TimeLimit), memory = Of(VerdictKind.MemoryLimit), output = Of(VerdictKind.OutputLimit), passed = Of(VerdictKind.Accepted);
        var most = new[] { noCode, compile, error, wrong, time, memory, output, passed }.Max();
        var warm = "start from references first (rlef tune)";
        return most == passed ? $"{Percent(passed)} of programs pass their public tests, and all of these fail private ones. " +
            "See that references pass them (rlef problems validate), and that public tests tell enough."
            : most == time ? $"{Percent(time)} of programs run out of time. Allow more (the problems' limits), or look at them in episodes.jsonl."
            : most == memory ? $"{Percent(memory)} of programs run out of memory. Allow more (the problems' limits), or look at them in episodes.jsonl."
            : most == output ? $"{Percent(output)} of programs print more than they may. Look at them in episodes.jsonl."
            : most == noCode && length > 0.9 * config.MaxResponseTokens ? $"{Percent(noCode)} of responses have no whole Python code block, and they are as long as they may be. " +
                $"Allow longer ones (--max-tokens above {config.MaxResponseTokens}), or {warm}."
            : most == noCode ? $"{Percent(noCode)} of responses have no Python code block. Ask for one (--wording functions or codecontests), or {warm}."
            : most == compile ? $"{Percent(compile)} of programs do not compile. Sample more carefully (--set temperature=0.7), or {warm}."
            : most == error ? $"{Percent(error)} of programs end in an error, often because they define another name than the tests call, or use one that they never define. " +
                $"Look at them in episodes.jsonl; {warm}, and see that statements name the function."
            : $"{Percent(wrong)} of programs run and are wrong. Take easier problems, pay partial success (--turns 1 --reward adaptive), or {warm}.";
    }

    double Of(VerdictKind kind) => Share($"verdict_{kind.ToString().ToLowerInvariant()}");

    double Share(string metric) => sums.GetValueOrDefault(metric) / updates;

    static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{100 * share:F0} %");
}
