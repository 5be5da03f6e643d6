namespace Rlef.Dialogue;

/// <summary>What rollouts cost.</summary>
/// <param name="Generation">Time spent decoding.</param>
/// <param name="JudgeWait">Time spent waiting for verdicts while nothing was decoded.</param>
/// <param name="Executions">Tests run.</param>
public sealed record RolloutCost(long GeneratedTokens = 0, TimeSpan Generation = default, TimeSpan JudgeWait = default, long Executions = 0)
{
    public static RolloutCost operator -(RolloutCost a, RolloutCost b) => new(a.GeneratedTokens - b.GeneratedTokens,
        a.Generation - b.Generation, a.JudgeWait - b.JudgeWait, a.Executions - b.Executions);
}
