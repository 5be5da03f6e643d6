namespace Rlef.Problems.Nano;

/// <summary>How the numbers are laid out in the input. A program for one layout fails on the others.</summary>
public enum Layout { Spaces, Lines, Commas, Counted }

/// <summary>How the result is written. The judge tells them apart.</summary>
public enum Format { Plain, Brackets, Labelled }

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

/// <summary>The dimensions of <see cref="NanoChoices"/>, as a set.</summary>
[Flags]
public enum Dimensions { None = 0, Layout = 1, Format = 2, Reading = 4 }
