namespace Rlef.Dialogue;

/// <summary>Follows the string literals of a program from line to line, to tell what stands inside one from what is code.</summary>
struct PythonStrings
{
    char open;

    /// <summary>Whether a triple-quoted string is open after the lines read so far.</summary>
    public readonly bool Inside => open != 0;

    /// <summary>Reads the next line.</summary>
    /// <param name="watched">A place in it, or −1.</param>
    /// <returns>Whether the watched place is in a string or a comment.</returns>
    public bool Read(ReadOnlySpan<char> line, int watched = -1)
    {
        var hidden = false;
        for (var at = 0; at < line.Length;)
        {
            var (end, literal) = Next(line, at);
            hidden |= literal && at <= watched && watched < end;
            at = end;
        }
        return hidden;
    }

    (int End, bool Literal) Next(ReadOnlySpan<char> line, int at)
    {
        if (open != 0)
            return (Close(line, at), true);
        var c = line[at];
        if (c == '#')
            return (line.Length, true);
        if (c is not ('"' or '\''))
            return (at + 1, false);
        if (IsTriple(line, at, c))
        {
            open = c;
            return (at + 3, true);
        }
        // A quote that its line does not close is an apostrophe.
        return EndOfLiteral(line, at) is var end and >= 0 ? (end, true) : (at + 1, false);
    }

    int Close(ReadOnlySpan<char> line, int at)
    {
        for (; at < line.Length; at++)
            if (line[at] == '\\')
                at++;
            else if (IsTriple(line, at, open))
            {
                open = '\0';
                return at + 3;
            }
        return line.Length;
    }

    static bool IsTriple(ReadOnlySpan<char> line, int at, char quote) =>
        at + 2 < line.Length && line[at] == quote && line[at + 1] == quote && line[at + 2] == quote;

    static int EndOfLiteral(ReadOnlySpan<char> line, int at)
    {
        for (var i = at + 1; i < line.Length; i++)
            if (line[i] == '\\')
                i++;
            else if (line[i] == line[at])
                return i + 1;
        return -1;
    }
}
