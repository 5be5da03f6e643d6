namespace Rlef.Evaluation.Samples;

/// <summary>A program that was made elsewhere for a problem.</summary>
/// <param name="Row">0-based number of the sample in its file.</param>
/// <param name="Task">The problem's id.</param>
/// <param name="Problem">0-based number of the problem among those that can be judged; null where its record has a fault.</param>
/// <param name="Program">Whole source: a completion stands behind the problem's prefix.</param>
public readonly record struct Sample(int Row, string Task, int? Problem, string Program)
{
    /// <summary>Whether a line begins with a Markdown fence, as in an answer that was not taken out of its code block.</summary>
    public bool Fenced => Program.StartsWith(Fence, StringComparison.Ordinal) || Program.Contains('\n' + Fence, StringComparison.Ordinal);

    const string Fence = "```";
}
