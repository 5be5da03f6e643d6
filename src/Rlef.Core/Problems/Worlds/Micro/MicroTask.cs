using System.Collections.Immutable;

namespace Rlef.Problems.Micro;

/// <summary>A problem of the micro world before it has tests.</summary>
/// <param name="Statement">Complete: it leaves nothing open that the tests ask for.</param>
/// <param name="Program">Reads standard input and prints.</param>
/// <param name="Family">Family of its core, such as <c>scan</c>.</param>
/// <param name="Core">The rule between input and result, such as <c>run</c>.</param>
/// <param name="Composition">Stages and core with the kinds that fill them, without constants, wording and printing. It belongs to one split.</param>
/// <param name="Variants">Broken programs that the grammar knows, by the kind of their bug.</param>
/// <param name="Type">Type of its input, such as <c>ints</c>.</param>
/// <param name="Inputs">What its tests are chosen from.</param>
public sealed record MicroTask(string Id, string Statement, string Program, string Family, string Core, string Composition,
    ImmutableSortedDictionary<string, string> Variants, string Type, ImmutableArray<MicroInput> Inputs);
