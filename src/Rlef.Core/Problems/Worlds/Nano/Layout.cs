namespace Rlef.Problems.Nano;

/// <summary>How the numbers are laid out in the input. A program for one layout fails on the others.</summary>
public enum Layout { Spaces, Lines, Commas, Counted }
