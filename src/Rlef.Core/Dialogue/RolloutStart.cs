using System.Collections.Immutable;
using Rlef.Problems;

namespace Rlef.Dialogue;

/// <summary>
/// Where a dialogue begins when not at the problem's statement: after responses that are taken as said, each with the feedback that it earns, and within a
/// response of which the beginning is given. Nothing is learned about either.
/// </summary>
/// <param name="Responses">Whole responses, in words.</param>
/// <param name="Prefix">The beginning of the policy's first own response.</param>
public sealed record RolloutStart(ImmutableArray<string> Responses, string Prefix = "")
{
    /// <summary>Tokens before the policy's first own response, without what is said of given ones.</summary>
    /// <param name="message">The first message.</param>
    /// <param name="examples">What stands before it.</param>
    public int Length(ChatFormat format, string message, Examples examples) => examples.FirstPrompt(format, message).Length + Responses.Sum(r => format.Response(r).Length)
        + (Prefix.Length > 0 ? format.Tokenizer.Encode(Prefix).Length : 0);

    /// <summary>The statement alone, or where the problem has a draft to repair, a response that hands it in.</summary>
    public static RolloutStart Of(Problem problem) => new(problem.Draft is { } draft ? [$"```python\n{draft.TrimEnd('\n')}\n```"] : []);
}
