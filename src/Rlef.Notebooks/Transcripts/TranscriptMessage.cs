namespace Rlef.Notebooks;

/// <summary>One message of a dialogue.</summary>
/// <param name="Role">Who speaks: <c>user</c>, <c>assistant</c>, <c>system</c>.</param>
/// <param name="Text">Markdown-like text; fenced blocks are shown as code.</param>
/// <param name="Badges">What the judge said of the program in it.</param>
public sealed record TranscriptMessage(string Role, string Text, params IReadOnlyList<VerdictBadge> Badges);
