namespace Rlef.Critics;

/// <summary>What the value function is, and how it is learned.</summary>
public enum ValueTrunk
{
    /// <inheritdoc cref="SeparateValueFunction" path="/summary"/>
    Separate,
    /// <inheritdoc cref="SharedValueFunction" path="/summary"/>
    Shared,
    /// <inheritdoc cref="FittedValueFunction" path="/summary"/>
    LeastSquares,
}
