using Rlef.Python;

namespace Rlef.Execution;

/// <summary>
/// CodeContests' comparison (Li et al. 2022), as in the tester that its authors published: tokens without regard to the case of A to Z, numbers to less
/// than 1e-5 absolute. The tester reads whole numbers as reals too; here they are compared as whole numbers.
/// </summary>
static class CodeContestsRule
{
    const double Absolute = 1e-5;

    public static bool Equal(string actual, string expected)
    {
        var (these, those) = (PythonText.Tokens(actual, IsSpace), PythonText.Tokens(expected, IsSpace));
        return these.Count == those.Count
            && (these.Zip(those).All(t => PythonText.EqualIgnoringAsciiCase(t.First, t.Second)) || these.Zip(those).All(t => TokensEqual(t.First, t.Second)));
    }

    static bool TokensEqual(string actual, string expected) => NumberText.WholeEqual(actual, expected)
        ?? (Number(actual) is { } a && Number(expected) is { } e ? Math.Abs(a - e) < Absolute : PythonText.EqualIgnoringAsciiCase(actual, expected));

    static double? Number(string token) => NumberText.CWithWords(token.AsSpan().Trim("\f"));

    static bool IsSpace(char c) => c is ' ' or '\n' or '\t' or '\r' or '\v';
}
