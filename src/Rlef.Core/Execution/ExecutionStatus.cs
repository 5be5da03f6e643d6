namespace Rlef.Execution;

/// <summary>How one execution ended. <see cref="Completed"/> says only that the program ran to its end, not that it was right.</summary>
public enum ExecutionStatus { Completed, RuntimeError, OutputLimit, TimeLimit, MemoryLimit, CompileError, InfrastructureError }
