namespace Rlef.Evaluation.Samples;

/// <summary>The samples of a problem that cannot be read, or whose checker fails. They are counted, and are no part of any score.</summary>
/// <param name="TaskId">The problem's id; empty where its record does not tell it.</param>
/// <param name="Reason">What is wrong with the problem.</param>
public sealed record UnreadTask(string TaskId, int Samples, string Reason);
