using System.Collections.Immutable;

namespace Rlef.Problems.Micro;

/// <summary>A broken version of a program.</summary>
/// <param name="Kind">Such as <c>off by one</c>, <c>initial value</c> or <c>aliasing</c>.</param>
/// <param name="Outputs">What it prints on each of the task's inputs; null where it fails or takes too long.</param>
public sealed record MicroBug(string Kind, string Program, ImmutableArray<string?> Outputs);
