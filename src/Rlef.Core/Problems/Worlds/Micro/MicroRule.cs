using System.Collections.Immutable;

namespace Rlef.Problems.Micro;

/// <summary>A production of the micro world's grammar: what a step reads and gives, how it is said, and how it is done. Braces mark what is filled in.</summary>
/// <param name="Family">The file that the rule stands in.</param>
/// <param name="From">Type that it reads, such as <c>ints</c>.</param>
/// <param name="To">Type that it gives.</param>
/// <param name="Most">Largest number that its inputs hold, where its work grows with that.</param>
/// <param name="Choices">Alternatives, each a text and the code that goes with it, by the name of their slot.</param>
/// <param name="Phrasings">Sentences that say the same.</param>
/// <param name="Code">Lines of Python.</param>
/// <param name="Variants">Broken lines for the same sentences, by the kind of their bug.</param>
sealed record MicroRule(string Family, string Name, string From, string To, long? Most, ImmutableArray<MicroRule.Choice> Choices,
    ImmutableArray<string> Phrasings, string Code, ImmutableSortedDictionary<string, string> Variants)
{
    public sealed record Choice(string Slot, ImmutableArray<Option> Options);

    /// <param name="Code">Pieces of code; <c>{slot}</c> is the first, <c>{slot.2}</c> the second.</param>
    public sealed record Option(string Text, ImmutableArray<string> Code);
}
