using Rlef.Problems;

namespace Rlef.Execution;

/// <summary>The first place where an output is not the expected one, in characters of both; empty where one of them ends.</summary>
public readonly record struct OutputDifference((int Start, int End) Expected, (int Start, int End) Actual)
{
    const int LongWord = 40;

    /// <summary>
    /// Finds the first word of a text that does not compare equal by the problem's own rule. Where all do, as where lines count, and in values, it is
    /// the first character that differs. Null where none does.
    /// </summary>
    public static OutputDifference? Find(Problem problem, string expected, string actual)
    {
        if (problem is { EntryPoint: null, Comparison: not (Comparison.Exact or Comparison.Unordered or Comparison.Checker) }
            && Words(problem, expected, actual) is { } words)
            return words;
        var same = expected.AsSpan().CommonPrefixLength(actual);
        return same == expected.Length && same == actual.Length ? null : new(Around(expected, same), Around(actual, same));
    }

    static OutputDifference? Words(Problem problem, string expected, string actual)
    {
        for (int e = 0, a = 0; ;)
        {
            var (left, right) = (Word(expected, e), Word(actual, a));
            if (left.Start == left.End && right.Start == right.End)
                return null;
            if (!OutputComparer.Equal(problem, actual[right.Start..right.End], expected[left.Start..left.End]))
                return Math.Max(left.End - left.Start, right.End - right.Start) <= LongWord ? new(left, right) : Inside(expected, left, actual, right);
            (e, a) = (left.End, right.End);
        }
    }

    static OutputDifference Inside(string expected, (int Start, int End) left, string actual, (int Start, int End) right)
    {
        var same = expected.AsSpan(left.Start, left.End - left.Start).CommonPrefixLength(actual.AsSpan(right.Start, right.End - right.Start));
        return new((left.Start + same, Math.Min(left.Start + same + 1, left.End)), (right.Start + same, Math.Min(right.Start + same + 1, right.End)));
    }

    static (int Start, int End) Word(string text, int from)
    {
        while (from < text.Length && char.IsWhiteSpace(text[from]))
            from++;
        var end = from;
        while (end < text.Length && !char.IsWhiteSpace(text[end]))
            end++;
        return (from, end);
    }

    // A number or word of a value goes whole, unless it is long.
    static (int Start, int End) Around(string text, int at)
    {
        if (at == text.Length)
            return (at, at);
        var (start, end) = (at, at + 1);
        if (!char.IsLetterOrDigit(text[at]))
            return (start, end);
        while (start > 0 && IsOfWord(text[start - 1]))
            start--;
        while (end < text.Length && IsOfWord(text[end]))
            end++;
        return end - start <= LongWord ? (start, end) : (at, at + 1);
    }

    static bool IsOfWord(char c) => char.IsLetterOrDigit(c) || c is '.' or '-';
}
