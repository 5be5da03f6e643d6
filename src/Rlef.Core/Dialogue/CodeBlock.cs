using System.Collections.Immutable;

namespace Rlef.Dialogue;

/// <summary>The program in a response.</summary>
/// <param name="Program">Python source: the lines of the block, without the indentation or quotation marks that a list or a quotation puts before them.</param>
/// <param name="Lines">
/// Where each line of the program, its line end included, stands in the response, in characters. Together these pieces are the program.
/// </param>
/// <param name="Marked">Whether the block says that it is Python.</param>
public sealed record CodeBlock(string Program, ImmutableArray<(int Start, int End)> Lines, bool Marked)
{
    /// <summary>
    /// Finds the last block that is marked as Python, or else the last that is not marked at all; of either a fenced one before one within a line. Null if there is none, or if it is cut off: of
    /// blocks, as of reasoning, the end must be there. See <see cref="FencedBlocks"/> for what a block is.
    /// </summary>
    public static CodeBlock? Find(string response) => Find(response, out _);

    /// <inheritdoc cref="Find(string)"/>
    /// <param name="missing">Why there is none; null if there is one.</param>
    public static CodeBlock? Find(string response, out string? missing)
    {
        var found = FencedBlocks.Read(response);
        var best = Best(found, response);
        missing = found.ReasoningIsOpen ? "its reasoning does not end: it was cut."
            : best is { Closed: false } ? "its code block is not closed: it was cut."
            : best is not null ? null
            : found.Blocks.FirstOrDefault(b => !b.MayBePython) is { } other ? $"its code is marked {Short(other.Language)}, not python."
            : found.Blocks.Count > 0 ? "its code block is empty; a fence opens one where it begins a line."
            : found.EndsReasoning ? "it has no code block behind the end of its reasoning."
            : "it has no code block.";
        return missing is null ? Of(best!, response) : null;
    }

    /// <summary>The part of a program that there is in a response that was cut within its block; null if no block is cut off, or one within reasoning.</summary>
    public static CodeBlock? FindCut(string response) =>
        FencedBlocks.Read(response) is { ReasoningIsOpen: false } found && Best(found, response) is { Closed: false } open ? Of(open, response) : null;

    static FencedBlock? Best(FencedBlocks found, string response) =>
        found.Blocks.Where(b => b.MayBePython && !b.IsBlank(response)).MaxBy(b => (b.Language.Length > 0, b.Fenced, b.Lines[0].Start));

    static CodeBlock Of(FencedBlock block, string response) =>
        new(string.Concat(block.Lines.Select(l => response[l.Start..l.End])), [.. block.Lines], block.Language.Length > 0);

    static string Short(string language) => language.Length <= 20 ? language : language[..20] + "…";
}
