namespace Rlef.Critics;

/// <summary>Where values are read.</summary>
public enum ValueSites
{
    /// <summary>Nowhere: no critic is learned.</summary>
    None,
    /// <summary>Once before each response (RLEF section 2.2).</summary>
    Turn,
    /// <summary>Before each response token.</summary>
    Token,
}
