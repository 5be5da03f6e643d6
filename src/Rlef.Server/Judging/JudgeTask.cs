using Rlef.Problems;

namespace Rlef.Server;

/// <param name="Program">Null for a response without one.</param>
/// <param name="Problem">With the limits that hold.</param>
sealed record JudgeTask(string? Program, Problem Problem);
