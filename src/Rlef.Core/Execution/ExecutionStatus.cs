namespace Rlef.Execution;

/// <summary>
/// How one execution ended. <see cref="Completed"/> says only that the program ran to its end, not that it was right; <see cref="Crashed"/>, that its
/// process ended before it did, whoever was to blame.
/// </summary>
public enum ExecutionStatus { Completed, RuntimeError, Crashed, OutputLimit, TimeLimit, MemoryLimit, CompileError, InfrastructureError }
