using System.Text.RegularExpressions;

namespace Rlef.Notebooks.Engine;

/// <summary>Finds the reason in what a dying process printed.</summary>
internal static partial class CrashReport
{
    /// <returns>One line, empty if the text gives no reason.</returns>
    public static string Reason(string errors)
    {
        if (Unhandled().Match(errors) is { Success: true } unhandled) return "unhandled exception: " + unhandled.Groups["what"].Value.Trim();
        if (errors.Contains("Stack overflow.", StringComparison.Ordinal)) return "stack overflow";
        if (errors.Contains("Out of memory.", StringComparison.Ordinal)) return "out of memory";
        if (FailFast().Match(errors) is { Success: true } fast) return fast.Groups["what"].Value.Trim();
        return Native().Match(errors) is { Success: true } native ? native.Value.Trim() : "";
    }

    [GeneratedRegex(@"^Unhandled exception\. (?<what>.+)$", RegexOptions.Multiline)]
    private static partial Regex Unhandled();

    [GeneratedRegex(@"^Process terminated\.\s*(?<what>.*)$", RegexOptions.Multiline)]
    private static partial Regex FailFast();

    [GeneratedRegex(@"^\s*what\(\):.*$", RegexOptions.Multiline)]
    private static partial Regex Native();
}
