namespace Rlef.Dialogue;

/// <summary>A piece of a message as people read it: prose, or the content of a code block without its fences.</summary>
public readonly record struct TextPart(string Text, bool IsCode)
{
    /// <summary>The pieces of a message in order; see <see cref="FencedBlocks"/> for what a block is. One that was cut is code to the end; reasoning is prose.</summary>
    public static IEnumerable<TextPart> Of(string message)
    {
        var end = 0;
        foreach (var block in FencedBlocks.Read(message).Blocks)
        {
            yield return new(message[end..block.Span.Start], false);
            yield return new(string.Concat(block.Lines.Select(line => message[line.Start..line.End])), true);
            end = block.Span.End;
        }
        yield return new(message[end..], false);
    }
}
