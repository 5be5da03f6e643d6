using System.Text.RegularExpressions;

namespace Rlef.Dialogue;

/// <summary>A block of code in a response.</summary>
/// <param name="Language">First word of what stands behind the opening fence, without attributes; empty where nothing does.</param>
/// <param name="Fenced">Whether its fences stand on lines of their own, rather than around code of one line.</param>
/// <param name="Lines">Where its lines, line ends included, stand in the response.</param>
/// <param name="Closed">Whether its end is there.</param>
/// <param name="Span">Where it stands in the response, fences and their lines included.</param>
sealed partial record FencedBlock(string Language, bool Fenced, IReadOnlyList<(int Start, int End)> Lines, bool Closed, (int Start, int End) Span)
{
    /// <summary>Whether it is marked as Python or not at all.</summary>
    public bool MayBePython => MayNamePython(Language);

    public bool IsBlank(string response) => Lines.All(l => response.AsSpan(l.Start, l.End - l.Start).IsWhiteSpace());

    public static bool MayNamePython(string language) => language.Length == 0 || IsPython(language);

    /// <summary>Whether a name is Python's, in any case and with any version: <c>python</c>, <c>py</c>, <c>Python3.11</c>.</summary>
    public static bool IsPython(string language) => Python.IsMatch(language);

    /// <summary>The language of an info string: its first word without attributes, as in <c>python title="a.py"</c>, <c>python{1,3}</c>, <c>{.python}</c>, <c>{#id .python}</c>.</summary>
    public static string LanguageOf(string info) => Info.Match(info).Groups["name"].Value;

    [GeneratedRegex(@"^(?:python|py|pypy)[0-9]*(?:\.[0-9]+)*$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Python { get; }

    [GeneratedRegex(@"^(?:\s*\{(?:\s*#[^\s{}]+)+)?[\s{.]*(?<name>[^\s{}.,:;=()\[\]][^\s{},:;=()\[\]]*)?")]
    private static partial Regex Info { get; }
}
