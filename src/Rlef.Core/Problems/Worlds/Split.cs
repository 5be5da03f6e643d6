namespace Rlef.Problems;

/// <summary>The three parts of a generated world. Each owns the compositions whose hash falls to it.</summary>
public enum Split { Train, Validation, Test }
