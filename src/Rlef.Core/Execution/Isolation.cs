namespace Rlef.Execution;

/// <summary>How far the tests of one program are kept apart.</summary>
public enum Isolation
{
    /// <summary>A fresh process for every test: for reported evaluation and anything doubtful.</summary>
    PerTest,
    /// <summary>
    /// One process runs a program's tests in order; an anomaly re-runs the rest per test. <see cref="Judge"/> asks again, in a process of its own, about a
    /// later test of a program that reads standard input and fails. For training.
    /// </summary>
    PerProgram,
}
