namespace Rlef.Execution;

/// <summary>The outcome of one test, in order of precedence: of several verdicts the largest stands for all.</summary>
public enum VerdictKind
{
    Accepted,
    WrongAnswer,
    RuntimeError,
    OutputLimit,
    TimeLimit,
    MemoryLimit,
    CompileError,
    /// <summary>The sandbox failed, not the program. Never a reward: the episode is masked.</summary>
    InfrastructureError,
}
