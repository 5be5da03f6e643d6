namespace Rlef.Rewards;

/// <summary>How much of a program RLTF's fine feedback blames for an error (arXiv 2307.04349, table 2).</summary>
public enum FaultCategory
{
    /// <summary>U_ignore: nothing.</summary>
    Ignore,
    /// <summary>U_line: the line that the error names.</summary>
    Line,
    /// <summary>U_global: all of it.</summary>
    Global,
}
