using System.Text.Json;
using System.Text.RegularExpressions;

namespace Rlef.Storage;

/// <summary>Says in plain words what is wrong with a text that should be JSON: the parser's own words are for programmers.</summary>
public static partial class JsonFault
{
    const string Quotes = "; texts and names stand in double quotes", Words = "; Python's None, True and False are null, true and false here";

    static readonly (Regex Parsers, string Ours)[] Sentences =
    [
        (Of(@"^'''.* start of"), "single quotes" + Quotes),
        (Of(@"^'([NTF])' is an invalid start of a value"), "'$1' where a value should begin" + Words),
        (Of(@"^'0xEF' is an invalid start"), "a byte order mark, or a character that is no ASCII, where a value should begin"),
        (Of(@"^'(.+?)' is an invalid start of a value"), "'$1' where a value should begin"),
        (Of(@"^'(.+?)' is an invalid start of a property name"), "'$1' where a name in double quotes should begin"),
        (Of(@"^'(.+?)' is invalid after a value"), "'$1' behind a value, where a comma or the end of its object or list should be"),
        (Of(@"^'(.+?)' is invalid after a property name"), "'$1' behind a name, where a colon should be"),
        (Of(@"^'(.+?)' is invalid after a single JSON value"), "'$1' behind the end of the value, where nothing should follow"),
        (Of(@"^'(.+?)' is invalid without a matching open"), "'$1' closes what was opened in another way"),
        (Of(@"^'(\w+).*' is an invalid JSON literal\. Expected the literal '(\w+)'"), "'$1' is no value; '$2' would be"),
        (Of(@"^'0x0[AD]' is invalid within a JSON string"), "a line break inside a text, where it is written \\n"),
        (Of(@"^'(0x..)' is invalid within a JSON string"), "a control character ($1) inside a text, where it is written by its number, such as \\u0009"),
        (Of(@"^'(.+?)' is an invalid escapable character"), "\\$1 inside a text; a backslash itself is written \\\\"),
        (Of(@"is not a hex digit"), "\\u inside a text without its four hexadecimal digits"),
        (Of(@"^'(.+?)' is (?:an invalid end of a number|invalid within a number)"), "a number that breaks off or goes on with '$1'"),
        (Of(@"^Invalid leading zero"), "a number that begins with 0"),
        (Of(@"^The JSON (?:object|array) contains a trailing comma"), "a comma before the end of an object or list"),
        (Of(@"reached end of data|Expected depth to be zero"), OpenEnd),
        (Of(@"does not contain any JSON tokens"), "it is empty"),
        (Of(@"^The maximum configured depth of (\d+)"), "nested more than $1 deep"),
        (Of(@"^The JSON property '(.*?)' could not be mapped"), "'$1' is not known"),
        (Of(@"was missing required properties including: (.+?)\.(?: Path:|$)"), "$1 is missing"),
        (Of(@"^The (?:constructor parameter|property or field) '(.+?)' on type '.*?' doesn't allow"), "'$1' is null, where a value is needed"),
        (Of(@"^Duplicate property '(.*?)'"), "'$1' stands there twice"),
        (Of(@"^The JSON value could not be converted to .*?\. Path: (\S+)"), "$1 has a value of another type than is expected"),
        (Of(@"^The requested operation requires an element of type '(\w+)', but the target element has type '(\w+)'"), "a value of kind $2 stands where one of kind $1 is expected"),
    ];

    /// <summary>What is said of a text whose end is missing.</summary>
    public const string OpenEnd = "it breaks off before its end";

    static Regex Of(string pattern) => new(pattern, RegexOptions.Singleline | RegexOptions.CultureInvariant);

    /// <summary>The fault, without its place; what is no parser's message stays as it is.</summary>
    public static string InWords(this JsonException e) => Ours(e.Message) ?? Position.Replace(e.Message, "").OneLine().TrimEnd('.');

    /// <summary>The same of an element that was read as what it is not, as a sentence.</summary>
    public static string InWords(this InvalidOperationException e) => Ours(e.Message) is { } words ? words + "." : e.Message.OneLine();

    /// <summary>The fault and its place, as a sentence.</summary>
    public static string InWordsWithPlace(this JsonException e)
    {
        var words = InWords(e);
        return e.BytePositionInLine is { } at ? $"{words} (line {(e.LineNumber ?? 0) + 1}, byte {at + 1})." : words.EndsWith('?') ? words : words + ".";
    }

    /// <summary>A field that is needed.</summary>
    /// <exception cref="JsonException">It is not there.</exception>
    public static JsonElement Field(this JsonElement element, string name) => element.TryGetProperty(name, out var value) ? value : throw new JsonException($"{name} is missing.");

    static string? Ours(string message)
    {
        foreach (var (parsers, ours) in Sentences)
            if (parsers.Match(message) is { Success: true } match)
                return match.Result(ours).OneLine();
        return null;
    }

    [GeneratedRegex(@"(?: Path: \S+ \|)? LineNumber: \d+ \| BytePositionInLine: \d+\.$")]
    private static partial Regex Position { get; }
}
