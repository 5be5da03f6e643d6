using System.Collections.Immutable;

namespace Rlef.Problems.Micro;

/// <summary>One way to fill a slot with words and an expression, such as <c>divisible by {div}</c> and <c>{v}%{div}==0</c>.</summary>
/// <param name="Texts">Words that say the same.</param>
/// <param name="Code">Python expression over <c>{v}</c>.</param>
sealed record MicroPhrase(string Name, ImmutableArray<string> Texts, string Code);
