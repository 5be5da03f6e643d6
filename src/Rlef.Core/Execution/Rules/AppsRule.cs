using System.Globalization;
using Rlef.Python;

namespace Rlef.Execution;

/// <summary>
/// APPS' comparison (Hendrycks et al. 2021), line by line without empty lines and without regard to white space. Where all tokens are numbers, they may
/// differ as the harness allows: equal to three digits after the point, or, one number a line, to 1e-5 relative. The harness goes further than that and
/// compares sets; here order and number of lines and tokens count, and whole numbers are compared as whole numbers.
/// </summary>
static class AppsRule
{
    const double Absolute = 1e-8, Relative = 1e-5;

    public static bool Equal(string actual, string expected)
    {
        if (PythonText.Strip(actual).SequenceEqual(PythonText.Strip(expected)))
            return true;
        var (these, those) = (Lines(actual, python: true), Lines(expected, python: false));
        if (these.Count != those.Count || these.Zip(those).Any(p => p.First.Count != p.Second.Count))
            return false;
        if (these.Zip(those).All(p => p.First.SequenceEqual(p.Second)))
            return true;
        var single = those.All(l => l.Count == 1);
        return these.Zip(those).All(lines => lines.First.Zip(lines.Second).All(t => NumbersEqual(t.First, t.Second, single)));
    }

    /// <summary>Whether a returned value is the expected one, which the set may have wrapped in a list of its own.</summary>
    public static bool ValuesEqual(string actual, string expected) => ValueComparer.EqualOrWrapped(actual, expected, Tolerance.Default);

    static bool NumbersEqual(string actual, string expected, bool single)
    {
        if (NumberText.Python(actual) is not { } a || NumberText.Python(expected) is not { } e)
            return false;
        if (NumberText.WholeEqual(actual, expected) is { } equal)
            return equal;
        // Two numbers that are too large for a double are both infinite to the harness.
        if (!double.IsFinite(a) || !double.IsFinite(e))
            return NumberText.Word(actual) is { } word ? word == NumberText.Word(expected) : NumberText.Exact(actual) is { } exact && exact == NumberText.Exact(expected);
        return a == e || Rounded(a) == Rounded(e) || single && Math.Abs(a - e) <= Absolute + Relative * Math.Abs(e);
    }

    // Exactly, as Python's round does: the scaling of Math.Round would round twice.
    static string Rounded(double number) => number.ToString("F3", CultureInfo.InvariantCulture) is var text && text == "-0.000" ? "0.000" : text;

    /// <summary>The tokens of each line that has any.</summary>
    /// <param name="python">Whether lines end as in <c>str.splitlines</c>, as those of an output do; those of an expected text end at newlines only.</param>
    public static List<List<string>> Lines(string text, bool python)
    {
        List<List<string>> lines = [];
        var start = 0;
        for (var i = 0; i <= text.Length; i++)
            if (i == text.Length || (python ? PythonText.IsLineEnd(text[i]) : text[i] == '\n'))
            {
                if (PythonText.Tokens(text.AsSpan(start, i - start)) is { Count: > 0 } tokens)
                    lines.Add(tokens);
                start = i + 1;
            }
        return lines;
    }
}
