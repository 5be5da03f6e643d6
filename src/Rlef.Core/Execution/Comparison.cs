namespace Rlef.Execution;

/// <summary>
/// How the judge compares what a program produced with what the test expects. Where a problem has a checker too, outputs that compare equal are
/// accepted and all others are put to the checker.
/// </summary>
public enum Comparison
{
    /// <summary>Equal sequences of whitespace-separated tokens.</summary>
    Tokens,
    /// <summary>Tokens that both read as numbers, not both integers, may differ by the problem's tolerance; all others are equal.</summary>
    Float,
    /// <summary>Equal byte for byte.</summary>
    Exact,
    /// <summary>Equal values with Python's equality (2 == 2.0 == True is 1), lists and tuples alike: for problems with an entry point.</summary>
    Value,
    /// <summary>Equal values as Python's <c>==</c> has it, where a list is no tuple: for problems with an entry point.</summary>
    Equality,
    /// <summary>The same lines in any order, each by tokens; for an entry point, the same elements in any order.</summary>
    Unordered,
    /// <summary>The problem's checker alone decides.</summary>
    Checker,
}
