namespace Rlef.Problems.Nano;

/// <summary>What a right-looking program still has to get right; a problem's statement may leave each of them out.</summary>
/// <param name="Second">Which of the two readings of the problem's ambiguous word is meant.</param>
public readonly record struct NanoChoices(Layout Layout, Format Format, bool Second)
{
    public static IEnumerable<NanoChoices> All =>
        from layout in Enum.GetValues<Layout>()
        from format in Enum.GetValues<Format>()
        from second in (bool[])[false, true]
        select new NanoChoices(layout, format, second);
}
