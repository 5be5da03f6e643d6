using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Rlef.Execution;

namespace Rlef.Goldens;

/// <summary>What an expected and a given answer have to do with each other, told by their content.</summary>
static partial class Answer
{
    const int MostDigits = 4300;
    const double Close = 1e-5;

    [GeneratedRegex(@"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?")]
    private static partial Regex Number { get; }

    [GeneratedRegex(@"[^\[\](){},]")]
    private static partial Regex Content { get; }

    /// <summary>Whether all answers are the expected ones but for numbers, one at least, within 1e-6 of expected real ones.</summary>
    public static bool AreNear(IReadOnlyList<(string Expected, string Actual)> answers) => answers.All(IsNear) && answers.Any(HasUnequal);

    static bool IsNear((string Expected, string Actual) answer) => Frame(answer.Expected) == Frame(answer.Actual) && Numbers(answer).All(p =>
        Parse(p.Expected) is var e && Parse(p.Actual) is var a && (a == e || !NumberText.IsWhole(p.Expected) && Tolerance.Default.Allows(a, e)));

    static bool HasUnequal((string Expected, string Actual) answer) => Numbers(answer).Any(p => Parse(p.Expected) != Parse(p.Actual));

    static IEnumerable<(string Expected, string Actual)> Numbers((string Expected, string Actual) answer) =>
        Number.Matches(answer.Expected).Zip(Number.Matches(answer.Actual), (e, a) => (e.Value, a.Value));

    static string Frame(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)) is var plain ? Number.Replace(plain, "#") : "";

    static double Parse(string number) => double.Parse(number, CultureInfo.InvariantCulture);

    /// <summary>Whether the tokens are the same, to three digits, as a set and not as a sequence; lists of lines by line.</summary>
    public static bool AreSameSets((string Expected, string Actual) answer)
    {
        var (expected, actual) = (Keys(answer.Expected), Keys(answer.Actual));
        return expected.ToHashSet().SetEquals(actual) && !expected.SequenceEqual(actual);
    }

    static List<string> Keys(string text) => [.. PythonText.Tokens(text).Select(t => NumberText.Python(t) is { } number && double.IsFinite(number)
        ? number.ToString("F3", CultureInfo.InvariantCulture)
        : t)];

    /// <summary>Whether, token by token, two whole numbers meet that are the same, or that are not and are close or beyond telling as doubles.</summary>
    public static bool HasWholePair((string Expected, string Actual) answer, bool equal) => Pairs(answer).Any(p => p.Actual != p.Expected
        && NumberText.WholeEqual(p.Actual, p.Expected) is { } same && same == equal && (same || Parse(p.Actual) is var a && Parse(p.Expected) is var e
            && (a == e || Math.Abs(a - e) <= Close * Math.Abs(e))));

    /// <summary>Whether, token by token, two numbers meet of which one is too large for a double.</summary>
    public static bool HasPairBeyondDouble((string Expected, string Actual) answer) =>
        Pairs(answer).Any(p => p.Actual != p.Expected && (IsBeyond(p.Actual) || IsBeyond(p.Expected)));

    static bool IsBeyond(string token) => NumberText.Word(token) is null && NumberText.Python(token) is { } number && double.IsInfinity(number);

    static IEnumerable<(string Expected, string Actual)> Pairs((string Expected, string Actual) answer)
    {
        var (expected, actual) = (PythonText.Tokens(answer.Expected), PythonText.Tokens(answer.Actual));
        return expected.Count == actual.Count ? expected.Zip(actual) : [];
    }

    public static bool HasLongNumber(string text) => Number.Matches(text).Any(m => m.Length > MostDigits);

    /// <summary>Whether the answer is the first of several elements of the expected list.</summary>
    public static bool IsFirstOfSeveral((string Expected, string Actual) answer) => Json(answer.Expected) is { ValueKind: JsonValueKind.Array } list
        && list.GetArrayLength() > 1 && ValueComparer.Equal(answer.Actual, list[0].GetRawText());

    /// <summary>Whether a dict with whole keys leads a list of several.</summary>
    public static bool BeginsWithDictOfSeveral(string expected) => Json(expected) is { ValueKind: JsonValueKind.Array } list && list.GetArrayLength() > 1
        && list[0].ValueKind == JsonValueKind.Object && list[0].TryGetProperty("__dict__", out _);

    static JsonElement? Json(string text)
    {
        try
        {
            return JsonElement.Parse(text);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The brackets and commas of a Python expression: the shape of its value.</summary>
    public static string Shape(string expression) => Content.Replace(expression, "").Replace('(', '[').Replace(')', ']');
}
