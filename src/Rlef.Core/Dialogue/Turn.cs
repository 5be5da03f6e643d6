using Rlef.Execution;

namespace Rlef.Dialogue;

/// <summary>One exchange: what the policy was shown, and what it answered.</summary>
public sealed record Turn
{
    /// <summary>The user's message in words: the problem, or feedback.</summary>
    public required string Observation { get; init; }

    /// <summary>Tokens appended to the context before the response; none of them is the policy's own. Empty, as what else is of tokens, for a policy behind a server.</summary>
    public int[] Prompt { get; init; } = [];

    /// <summary>The policy's tokens, as they were sampled.</summary>
    public int[] Response { get; init; } = [];

    /// <summary>Log-probability of each response token under the behaviour policy, at the sampling temperature and without top-p.</summary>
    public float[] LogProbs { get; init; } = [];

    /// <summary>How many tokens the response took; of a server's, as it says.</summary>
    public TokenUsage Usage { get; init; }

    /// <summary>The beginning of the response that was given, in words. Its tokens are the prompt's last.</summary>
    public string Prefix { get; init; } = "";

    /// <summary>The response in words, <see cref="Prefix"/> included.</summary>
    public required string Text { get; init; }

    /// <summary>Whether the response is part of the start that the dialogue was given, so that nothing is learned about it.</summary>
    public bool Given { get; init; }

    /// <summary>Whether the response was cut at the length limit.</summary>
    public required bool Truncated { get; init; }

    /// <summary>Why there is no whole response; null if there is one.</summary>
    public Breakage? Broken { get; init; }

    /// <summary>The program in the response, or null.</summary>
    public CodeBlock? Code { get; init; }

    /// <summary>Verdicts on the public tests; null without code.</summary>
    public Judgement? Public { get; init; }
}
