using System.Text.RegularExpressions;
using Rlef.Storage;

namespace Rlef.Problems;

/// <summary>The name of what a test calls: a function, or a method as <c>Class.method</c>.</summary>
public static partial class EntryName
{
    /// <summary>What is said of a text that is no such name.</summary>
    public static string FaultOf(string text) => $"'{text.OneLine()}' is no name of a function, nor of the form Class.method.";

    const string Name = @"[\p{L}\p{Nl}_][\p{L}\p{Nl}\p{Mn}\p{Mc}\p{Nd}\p{Pc}]*";

    // Names as Python has them.
    [GeneratedRegex($@"^(?:({Name})\.)?({Name})\z", RegexOptions.CultureInvariant)]
    private static partial Regex Form { get; }

    /// <returns>Null where the text is no such name.</returns>
    public static (string? Class, string Function)? Parse(string text) =>
        Form.Match(text) is { Success: true } match ? (match.Groups[1].Success ? match.Groups[1].Value : null, match.Groups[2].Value) : null;
}
