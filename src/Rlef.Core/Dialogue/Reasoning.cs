using System.Text.RegularExpressions;

namespace Rlef.Dialogue;

/// <summary>The marks that models put around their reasoning, which is no part of the answer.</summary>
static partial class Reasoning
{
    /// <summary>Where reasoning that begins at a line's start begins to speak; −1 if none begins there.</summary>
    public static int Begin(string response, int lineStart) => Opening.Match(response, lineStart) is { Success: true } mark ? mark.Index + mark.Length : -1;

    /// <summary>The first end mark in a part of the response; null if there is none.</summary>
    public static (int Start, int End)? End(string response, int from, int to) =>
        Closing.Match(response, from, to - from) is { Success: true } mark ? (mark.Index, mark.Index + mark.Length) : null;

    const RegexOptions Options = RegexOptions.IgnoreCase | RegexOptions.CultureInvariant;

    [GeneratedRegex(@"\G[ \t]*(?:<(?:think|thinking|thought|reasoning|seed:think)>|\[THINK\]|◁think▷|<\|START_THINKING\|>|<\|begin_of_thought\|>|<\|channel\|>analysis)", Options)]
    private static partial Regex Opening { get; }

    [GeneratedRegex(@"</(?:think|thinking|thought|reasoning|seed:think)>|\[/THINK\]|◁/think▷|<\|END_THINKING\|>|<\|end_of_thought\|>|<\|channel\|>final(?:<\|message\|>)?", Options)]
    private static partial Regex Closing { get; }
}
