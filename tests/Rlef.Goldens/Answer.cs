using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Rlef.Execution;
using Rlef.Python;

namespace Rlef.Goldens;

/// <summary>What an expected and a given answer have to do with each other, told by their content.</summary>
static partial class Answer
{
    const int MostDigits = 4300;
    const double Close = 1e-5;

    [GeneratedRegex(@"[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?")]
    private static partial Regex Number { get; }

    [GeneratedRegex(@"[^\[\](){},]")]
    private static partial Regex Content { get; }

    /// <summary>Whether all texts are the expected ones but for numbers, one at least, within 1e-6 of expected real ones.</summary>
    public static bool AreNear(IReadOnlyList<(string Expected, string Actual)> texts) => texts.All(IsNear) && texts.Any(t => Pairs(t).Any(p => !AreSame(p)));

    /// <summary>The same of values, each the expected one or the one element of an expected list.</summary>
    public static bool AreNearValues(IReadOnlyList<(string Expected, string Actual)> values) => values.All(v => ValueComparer.EqualOrWrapped(v.Actual, v.Expected, Tolerance.Default))
        && values.Any(v => !ValueComparer.EqualOrWrapped(v.Actual, v.Expected, new(0, 0)));

    static bool IsNear((string Expected, string Actual) text) => text.Expected == text.Actual || Pairs(text).ToList() is { Count: > 0 } tokens
        && tokens.All(p => AreSame(p) || !NumberText.IsWhole(p.Expected) && Tolerance.Default.Allows(Parse(p.Actual), Parse(p.Expected)));

    static bool AreSame((string Expected, string Actual) pair) =>
        pair.Expected == pair.Actual || NumberText.Exact(pair.Expected) is { } number && number == NumberText.Exact(pair.Actual);

    // Not a number for what is none.
    static double Parse(string text) => NumberText.Python(text) ?? double.NaN;

    /// <summary>Whether the lines, each a set of tokens, are the same as a set and not as a sequence: as text, or to three digits where all are numbers.</summary>
    public static bool AreSameSets((string Expected, string Actual) answer)
    {
        var (expected, actual) = (AppsRule.Lines(answer.Expected, python: false), AppsRule.Lines(answer.Actual, python: true));
        return Same(token => token) || expected.Concat(actual).All(line => line.All(t => NumberText.Python(t) is not null)) && Same(Rounded);

        bool Same(Func<string, string> key) => Set(expected, key).SetEquals(Set(actual, key)) && !Sequence(expected, key).SequenceEqual(Sequence(actual, key));
    }

    static HashSet<string> Set(List<List<string>> lines, Func<string, string> key) => [.. lines.Select(l => string.Join(' ', l.Select(key).Distinct().Order(StringComparer.Ordinal)))];

    static IEnumerable<string> Sequence(List<List<string>> lines, Func<string, string> key) => lines.Select(l => string.Join(' ', l.Select(key)));

    static string Rounded(string number) => Parse(number).ToString("F3", CultureInfo.InvariantCulture) is var text && text == "-0.000" ? "0.000" : text;

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
