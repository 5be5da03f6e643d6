using Rlef.Dialogue;
using Rlef.Problems;

namespace Rlef.Experience;

/// <summary>Reference programs as sequences to learn from: with an advantage of 1 the policy gradient is that of their likelihood (RLTF's L_sl, arXiv 2307.04349, section 3.2).</summary>
/// <remarks>Deviation: RLTF alternates supervised and reinforcement steps; here each step has both.</remarks>
public static class Imitation
{
    /// <summary>The problem's first message, and its reference as the response.</summary>
    /// <exception cref="ArgumentException">The problem has no reference.</exception>
    public static TrainingSequence Of(Problem problem, DialogueWording wording, ChatFormat format)
    {
        var reference = problem.Reference ?? throw new ArgumentException($"Problem '{problem.Id}' has no reference program to imitate.", nameof(problem));
        var prompt = format.FirstPrompt(wording.FirstMessage(problem.Statement));
        var response = format.Response($"```python\n{reference.TrimEnd('\n')}\n```");
        return new(problem.Id, [.. prompt, .. response], [.. Enumerable.Range(prompt.Length - 1, response.Length)], new int[response.Length], new double[response.Length], [0], []);
    }
}
