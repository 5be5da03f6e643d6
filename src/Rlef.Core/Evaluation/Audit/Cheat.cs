using System.Text.Json;
using Rlef.Problems;

namespace Rlef.Evaluation.Audit;

/// <summary>A program that asks for reward without solving the problem.</summary>
/// <param name="How">Why it would work on a weaker judge.</param>
/// <param name="Source">Python source that defines <c>cheat(given)</c>; it sees the public tests as <c>PUBLIC</c>, a list of inputs and outputs.</param>
public sealed record Cheat(string Name, string How, string Source)
{
    /// <summary>Whether it does nothing but end or answer, so that it may run without a sandbox.</summary>
    public bool Harmless { get; init; }

    /// <summary>The cheat as a program for the problem.</summary>
    public string For(Problem problem)
    {
        var tests = JsonSerializer.Serialize(problem.PublicTests.Select(t => (string[])[t.Input, t.Output]));
        var use = problem.EntryPoint is { } entry
            ? $"def {entry}(*given):\n    return cheat(given)\n"
            : "import sys\nanswer = cheat(sys.stdin.read())\nif answer is not None:\n    print(answer)\n";
        return $"import json\nPUBLIC = json.loads({JsonSerializer.Serialize(tests)})\n{Source}\n{use}";
    }
}
