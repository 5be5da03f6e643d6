using System.Collections.Immutable;

namespace Rlef.Problems.Micro;

/// <summary>What a task's program and broken versions of it print on the task's inputs.</summary>
/// <param name="Normal">The program in the spelling that broken versions have; the grammar writes this spelling itself.</param>
/// <param name="Outputs">Of the right program; null for an input on which it takes too many steps.</param>
/// <param name="Bugs">Broken versions, no two of which behave alike, and none as the program does.</param>
public sealed record MicroBehaviour(string Normal, ImmutableArray<string?> Outputs, ImmutableArray<MicroBug> Bugs);
