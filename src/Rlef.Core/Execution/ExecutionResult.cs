namespace Rlef.Execution;

/// <summary>What one execution produced.</summary>
/// <param name="Output">Standard output, or the JSON of the returned value for a call.</param>
/// <param name="Error">Set unless <paramref name="Status"/> is <see cref="ExecutionStatus.Completed"/>.</param>
public sealed record ExecutionResult(ExecutionStatus Status, string Output, ProgramError? Error, TimeSpan Cpu, TimeSpan Wall)
{
    /// <summary>What the process ended with, where it ended by itself without saying how the test went.</summary>
    public int? ExitCode { get; init; }
}
