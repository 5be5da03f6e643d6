namespace Rlef.Learning;

/// <summary>Where values are read and advantages formed.</summary>
public enum AdvantageLevel
{
    /// <summary>One value before each response; its advantage goes to every token of the response (RLEF section 2.2).</summary>
    Turn,
    /// <summary>One value before each response token (the ablation of RLEF table 6).</summary>
    Token,
    /// <summary>No value function: the advantage is the return minus the batch's mean, not scaled, plus the rewards of single tokens (RLTF).</summary>
    Reward,
}
