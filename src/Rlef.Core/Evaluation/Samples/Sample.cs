namespace Rlef.Evaluation.Samples;

/// <summary>A program that was made elsewhere for a problem.</summary>
/// <param name="Row">0-based number of the sample in its file, without those that cannot be judged.</param>
/// <param name="Problem">0-based number of the problem in its set.</param>
/// <param name="Program">Whole source: a completion stands behind the problem's prefix.</param>
public readonly record struct Sample(int Row, int Problem, string Program)
{
    /// <summary>Whether a line begins with a Markdown fence, as in an answer that was not taken out of its code block.</summary>
    public bool Fenced => Program.StartsWith(Fence, StringComparison.Ordinal) || Program.Contains('\n' + Fence, StringComparison.Ordinal);

    const string Fence = "```";
}
