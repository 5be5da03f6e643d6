using System.Text.RegularExpressions;

namespace Rlef.Evaluation.Samples;

/// <summary>A program that was made elsewhere for a problem.</summary>
/// <param name="Row">0-based number of the sample in its file.</param>
/// <param name="Task">The problem's id.</param>
/// <param name="Problem">0-based number of the problem among those that can be judged; null where its record has a fault.</param>
/// <param name="Program">Whole source: a completion stands behind the problem's prefix.</param>
public readonly partial record struct Sample(int Row, string Task, int? Problem, string Program)
{
    /// <summary>
    /// What shows that the answer was not made a program: a line that begins with a Markdown fence, or the mark with which a model ends its text, in
    /// words; null for neither. Strings of a program may have both: it tells something only of one that does not compile.
    /// </summary>
    public string? Blemish => Fence.IsMatch(Program) ? "a Markdown fence (```)" : EndMark.Match(Program) is { Success: true } mark ? $"a model's mark ({mark.Value})" : null;

    [GeneratedRegex("^(?:```|~~~)", RegexOptions.Multiline)]
    private static partial Regex Fence { get; }

    [GeneratedRegex(@"<\|[A-Za-z_]{1,40}\|>|</s>|<eos>|<end_of_turn>")]
    private static partial Regex EndMark { get; }
}
