using Rlef.Execution;

namespace Rlef.Evaluation.Audit;

/// <summary>A cheat before the judge.</summary>
/// <param name="Verdict">Accepted if it was paid: on public and private tests.</param>
/// <param name="Oracle">What a plain harness says; null where it was not asked.</param>
public sealed record CheatTrial(Cheat Cheat, string Problem, VerdictKind Verdict, OracleAnswer? Oracle);
