namespace Rlef.Policy;

/// <summary>One message of a dialogue: <c>system</c>, <c>user</c>, <c>assistant</c> or <c>tool</c>.</summary>
public sealed record ChatMessage(string Role, string Content);
