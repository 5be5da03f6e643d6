namespace Rlef.Problems.Nano;

/// <summary>How the result is written. The judge tells them apart.</summary>
public enum Format { Plain, Brackets, Labelled }
