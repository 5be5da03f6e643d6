namespace Rlef.Execution;

/// <summary>How the judge compares what a program produced with what the test expects.</summary>
public enum Comparison
{
    /// <summary>Equal sequences of whitespace-separated tokens.</summary>
    Tokens,
    /// <summary>Tokens that both read as numbers may differ by 1e-6, absolute or relative; all others are equal.</summary>
    Float,
    /// <summary>Equal byte for byte.</summary>
    Exact,
    /// <summary>Equal values with Python's equality (2 == 2.0): for problems with an entry point.</summary>
    Value,
}
