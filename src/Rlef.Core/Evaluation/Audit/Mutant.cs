namespace Rlef.Evaluation.Audit;

/// <summary>A reference program with one small change.</summary>
/// <param name="Problem">Id of the problem that the program was a reference of.</param>
/// <param name="Operator">The kind of change, such as <c>comparison</c> or <c>slice</c>.</param>
/// <param name="Line">1-based line of the reference that is changed.</param>
public sealed record Mutant(string Problem, string Operator, int Line, string Program);
