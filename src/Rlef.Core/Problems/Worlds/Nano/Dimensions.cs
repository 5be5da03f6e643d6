namespace Rlef.Problems.Nano;

/// <summary>The dimensions of <see cref="NanoChoices"/>, as a set.</summary>
[Flags]
public enum Dimensions { None = 0, Layout = 1, Format = 2, Reading = 4 }
