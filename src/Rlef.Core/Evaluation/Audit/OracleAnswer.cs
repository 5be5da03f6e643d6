namespace Rlef.Evaluation.Audit;

/// <summary>What the oracle says of a program.</summary>
/// <param name="Passed">Null where it does not know the task.</param>
public sealed record OracleAnswer(bool? Passed, string Why);
