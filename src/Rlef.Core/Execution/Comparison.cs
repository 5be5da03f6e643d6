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
    /// <summary>As LiveCodeBench does, see <see cref="LiveCodeBenchRule"/>; for an entry point, equal values, real numbers to 1e-6.</summary>
    LiveCodeBench,
    /// <summary>As APPS does, see <see cref="AppsRule"/>; for an entry point, the value or the one element of an expected list.</summary>
    Apps,
    /// <summary>As CodeContests' tester does, see <see cref="CodeContestsRule"/>.</summary>
    CodeContests,
    /// <summary>As the default validator of Kattis packages does, by the problem's tolerance, case and white space; see <see cref="KattisRule"/>.</summary>
    Kattis,
    /// <summary>The problem's checker alone decides.</summary>
    Checker,
}
