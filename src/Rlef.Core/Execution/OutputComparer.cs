using Rlef.Problems;
using Rlef.Python;

namespace Rlef.Execution;

/// <summary>Compares what a program produced with what was expected. Both are compared in full: a prefix is not an answer.</summary>
public static class OutputComparer
{
    /// <summary>Whether the output is the expected one as <paramref name="problem"/> compares them; its checker is not asked.</summary>
    public static bool Equal(Problem problem, string actual, string expected) => problem.Comparison == Comparison.Kattis
        ? KattisRule.Equal(actual, expected, problem.Tolerance, problem.IgnoreCase, problem.SpaceSensitive)
        : Equal(problem.Comparison, actual, expected, problem.Tolerance, problem.IgnoreCase, problem.EntryPoint is not null);

    /// <param name="tolerance">For numbers; by default 1e-6 for <see cref="Comparison.Float"/>, and none elsewhere.</param>
    /// <param name="ignoreCase">Whether texts that differ in case only are equal.</param>
    /// <param name="values">Whether both are encoded values rather than text.</param>
    public static bool Equal(Comparison comparison, string actual, string expected, Tolerance? tolerance = null, bool ignoreCase = false,
        bool values = false) => comparison switch
        {
            Comparison.Exact => actual == expected && !(values && HoldsUnequal(actual)),
            Comparison.Tokens => TokensEqual(actual, expected, Text(ignoreCase)),
            Comparison.Float when values => ValueComparer.Equal(actual, expected, tolerance ?? Tolerance.Default),
            Comparison.Float => TokensClose(actual, expected, tolerance ?? Tolerance.Default, Text(ignoreCase)),
            Comparison.Value => ValueComparer.Equal(actual, expected, tolerance),
            Comparison.Equality => ValueComparer.EqualInPython(actual, expected),
            Comparison.Unordered when values => ValueComparer.EqualInAnyOrder(actual, expected),
            Comparison.Unordered => Lines(actual, ignoreCase).SequenceEqual(Lines(expected, ignoreCase)),
            Comparison.LiveCodeBench when values => ValueComparer.EqualWhereReal(actual, expected, LiveCodeBenchRule.Real),
            Comparison.LiveCodeBench => LiveCodeBenchRule.Equal(actual, expected),
            Comparison.Apps when values => AppsRule.ValuesEqual(actual, expected),
            Comparison.Apps => AppsRule.Equal(actual, expected),
            Comparison.CodeContests => CodeContestsRule.Equal(actual, expected),
            Comparison.Kattis => KattisRule.Equal(actual, expected, tolerance, ignoreCase, spaceSensitive: false),
            Comparison.Checker => false,
            _ => throw new ArgumentOutOfRangeException(nameof(comparison)),
        };

    /// <summary>Whether a rule compares texts by their words, and so not values, which have many spellings.</summary>
    public static bool IsOfText(Comparison comparison) => comparison is Comparison.Tokens or Comparison.CodeContests or Comparison.Kattis;

    /// <summary>What is said of such a rule where values are compared, behind its name.</summary>
    public const string NotForValues = "compares words of a text, and with an entry_point values are compared: take value, or float for numbers that may be off a little.";

    // What equals nothing, itself included: a value that could not be encoded, and nan.
    static bool HoldsUnequal(string value) =>
        value.Contains("\"__opaque__\"", StringComparison.Ordinal) || value.Contains("{\"__float__\": \"nan\"}", StringComparison.Ordinal);

    static StringComparison Text(bool ignoreCase) => ignoreCase ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;

    static bool TokensEqual(ReadOnlySpan<char> actual, ReadOnlySpan<char> expected, StringComparison comparison)
    {
        while (true)
        {
            var a = PythonText.NextToken(ref actual, char.IsWhiteSpace);
            var e = PythonText.NextToken(ref expected, char.IsWhiteSpace);
            if (!a.Equals(e, comparison))
                return false;
            if (a.IsEmpty)
                return true;
        }
    }

    static bool TokensClose(ReadOnlySpan<char> actual, ReadOnlySpan<char> expected, Tolerance tolerance, StringComparison comparison)
    {
        while (true)
        {
            var a = PythonText.NextToken(ref actual, char.IsWhiteSpace);
            var e = PythonText.NextToken(ref expected, char.IsWhiteSpace);
            if (a.IsEmpty || e.IsEmpty)
                return a.IsEmpty && e.IsEmpty;
            if (!a.Equals(e, comparison) && !Close(a, e, tolerance))
                return false;
        }
    }

    // The tolerance is for real numbers: large integers that differ by one are close, but one of them is wrong.
    static bool Close(ReadOnlySpan<char> actual, ReadOnlySpan<char> expected, Tolerance tolerance) =>
        NumberText.WholeEqual(actual, expected) ?? (NumberText.Word(actual) is { } word ? word.Equals(NumberText.Word(expected))
            : Number(actual) is { } a && Number(expected) is { } e && tolerance.Allows(a, e));

    static double? Number(ReadOnlySpan<char> token) =>
        NumberText.Decimal(token) is { } number && double.IsFinite(number) ? number : null;

    static IEnumerable<string> Lines(string text, bool ignoreCase) =>
        text.Split('\n').Select(l => string.Join(' ', l.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))).Where(l => l.Length > 0)
            .Select(l => ignoreCase ? l.ToUpperInvariant() : l).Order(StringComparer.Ordinal);
}
