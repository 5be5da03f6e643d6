using Rlef.Python;

namespace Rlef.Execution;

/// <summary>
/// LiveCodeBench's comparison (Jain et al. 2024): as many lines, each equal as text or, where every token of both lines is a number, equal as a list
/// of exact decimals. An expected number that is written with a point or an exponent allows <see cref="Real"/>, which the harness itself does not.
/// </summary>
static class LiveCodeBenchRule
{
    /// <summary>What the statements of such problems grant.</summary>
    public static Tolerance Real { get; } = Tolerance.Default;

    public static bool Equal(ReadOnlySpan<char> actual, ReadOnlySpan<char> expected)
    {
        actual = PythonText.Strip(actual);
        expected = PythonText.Strip(expected);
        var lines = expected.Count('\n') + 1;
        if (actual.Count('\n') + 1 != lines)
            return false;
        for (; lines > 0; lines--)
            if (!LinesEqual(PythonText.Strip(PythonText.NextLine(ref actual)), PythonText.Strip(PythonText.NextLine(ref expected))))
                return false;
        return true;
    }

    static bool LinesEqual(ReadOnlySpan<char> actual, ReadOnlySpan<char> expected)
    {
        if (actual.SequenceEqual(expected))
            return true;
        while (true)
        {
            var a = PythonText.NextToken(ref actual, PythonText.IsSpace);
            var e = PythonText.NextToken(ref expected, PythonText.IsSpace);
            if (a.IsEmpty || e.IsEmpty)
                return a.IsEmpty && e.IsEmpty;
            if (!NumbersEqual(a, e))
                return false;
        }
    }

    static bool NumbersEqual(ReadOnlySpan<char> actual, ReadOnlySpan<char> expected)
    {
        if (NumberText.Exact(expected) is not { } e)
            return NumberText.Word(expected) is { } word && NumberText.Word(actual) == word;
        return NumberText.Exact(actual) is { } a
            && (a == e || !NumberText.IsWhole(expected) && NumberText.Python(actual) is { } near && NumberText.Python(expected) is { } real
                && double.IsFinite(real) && Real.Allows(near, real));
    }
}
