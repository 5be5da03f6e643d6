namespace Rlef.Execution;

/// <summary>By how much a number may differ from the expected one: absolutely, or relative to it, whichever allows more.</summary>
public readonly record struct Tolerance(double Absolute, double Relative)
{
    /// <summary>1e-6, absolute or relative.</summary>
    public static Tolerance Default { get; } = new(1e-6, 1e-6);

    public bool Allows(double actual, double expected) =>
        actual == expected || double.IsFinite(actual) && double.IsFinite(expected)
        && Math.Abs(actual - expected) <= Math.Max(Absolute, Relative * Math.Abs(expected));
}
