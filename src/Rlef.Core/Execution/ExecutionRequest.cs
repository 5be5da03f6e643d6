using System.Collections.Immutable;

namespace Rlef.Execution;

/// <summary>A program to run on several inputs. Expected outputs are not part of it: they never enter the sandbox.</summary>
/// <param name="Program">Python source.</param>
/// <param name="Inputs">One standard input (or JSON array of arguments) a test; not empty.</param>
/// <param name="EntryPoint">Function to call, or null to run the program as a script.</param>
public sealed record ExecutionRequest(string Program, ImmutableArray<string> Inputs, string? EntryPoint, Limits Limits, Isolation Isolation);
