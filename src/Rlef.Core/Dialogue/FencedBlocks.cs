using System.Text.RegularExpressions;

namespace Rlef.Dialogue;

/// <summary>
/// The blocks of code in a response, read line by line as CommonMark reads fences (section 4.5): a line that begins with three or more backticks or
/// tildes opens a block, and a line of at least as many and nothing else closes it. Blocks in lists and quotations lose what stands before their lines.
/// </summary>
/// <remarks>
/// Models need more than documents do: nothing before the end of reasoning counts, and nothing behind a mark that ends the message; a fence inside a triple-quoted string of the program does not end
/// it; tags and end-of-message marks may stand beside a fence; a block that is begun again before it is closed begins there; a list need not indent its blocks
/// as CommonMark wants it; code of one line may stand
/// between backticks on that line. Markdig knows none of this, gives no place in the source for lines indented by tabs, and throws at deep quotations.
/// </remarks>
sealed partial class FencedBlocks
{
    readonly string text;
    readonly List<FencedBlock> blocks = [];

    FencedBlocks(string text) => this.text = text;

    /// <summary>Blocks of the answer in order; the last may lack its end.</summary>
    public IReadOnlyList<FencedBlock> Blocks => blocks;

    /// <summary>Whether reasoning ended that was not seen to begin, so that what stood before it is no part of the answer.</summary>
    public bool EndsReasoning { get; private set; }

    /// <summary>Whether the response ends in its reasoning.</summary>
    public bool ReasoningIsOpen { get; private set; }

    public static FencedBlocks Read(string response)
    {
        var found = new FencedBlocks(response);
        // Editors and services put a mark of the encoding before a text.
        for (var at = response.AsSpan().IndexOfAnyExcept('\uFEFF', '\u200B') is var begin and >= 0 ? begin : response.Length; at < response.Length;)
            at = found.ReadFrom(at);
        return found;
    }

    // Reads a line outside of blocks, or a whole block, and returns where to go on.
    int ReadFrom(int at)
    {
        if (Reasoning.Begin(text, at) is var begin and >= 0)
        {
            if (Reasoning.End(text, begin, text.Length) is { } end)
                return AnswerFrom(end.End);
            ReasoningIsOpen = true;
            blocks.Clear();
            return text.Length;
        }
        var (stop, next) = LineAt(at);
        var fence = Opening.Match(text, at, stop - at);
        if (fence.Success && Fence.Of(fence) is { } opening)
            return ReadBlock(opening, at, next);
        if (OneLine.Match(text, at, stop - at) is { Success: true } line)
        {
            AddOneLine(line.Groups["code"], (at, next));
            return Behind(at, stop, next);
        }
        if (Reasoning.End(text, at, stop) is not { } mark)
            return Behind(at, stop, next);
        EndsReasoning = true;
        return AnswerFrom(mark.End);
    }

    // Where to go on behind a line: nowhere, if the message ends in it.
    int Behind(int at, int stop, int next) => EndOfMessage.IsMatch(text.AsSpan(at, stop - at)) ? text.Length : next;

    // What the template opened, the response may close: a mark without a beginning ends reasoning as well.
    int AnswerFrom(int at)
    {
        blocks.Clear();
        return at;
    }

    int ReadBlock(Fence fence, int begin, int at)
    {
        var mayBePython = FencedBlock.MayNamePython(fence.Language);
        var strings = new PythonStrings();
        List<(int Start, int End)> lines = [];
        (int Lines, int Next)? inString = null;
        int? dedent = null;
        while (at < text.Length)
        {
            var (stop, next) = LineAt(at);
            if (fence.ContentStart(text, at, stop) is not { } start)
                return Add(at, closed: false); // The quotation ends.
            if (fence.IsClosedBy(text.AsSpan(start, stop - start)))
            {
                if (!mayBePython || !strings.Inside)
                    return Add(Behind(start, stop, next), closed: true);
                inString ??= (lines.Count, next);
            }
            if (mayBePython && !strings.Inside && fence.BegunAgain(text.AsSpan(start, stop - start)) is { } again)
            {
                (fence, begin, at, strings, inString, dedent) = (again, at, next, new(), null, null);
                lines = [];
                continue;
            }
            var indent = Indent(start, stop, fence.Column);
            if (start + indent < stop)
                dedent ??= Column(start, start + indent);
            start += Indent(start, stop, dedent ?? fence.Column);
            var mark = Reasoning.End(text, start, stop);
            var hidden = strings.Read(text.AsSpan(start, stop - start), (mark?.Start ?? -1) - start);
            if (mark is { } end && !hidden)
                return AnswerFrom(end.End);
            lines.Add((start, next));
            at = next;
        }
        // A string that never ends is a fault of the program: the fence in it was one after all.
        if (inString is { } first)
        {
            lines.RemoveRange(first.Lines, lines.Count - first.Lines);
            return Add(first.Next, closed: true);
        }
        return Add(text.Length, closed: false);

        int Add(int goOn, bool closed)
        {
            blocks.Add(new(fence.Language, true, lines, closed, (begin, goOn)));
            return goOn;
        }
    }

    void AddOneLine(Group code, (int Start, int End) span)
    {
        var word = code.Value.IndexOfAny([' ', '\t']);
        var language = word > 0 && FencedBlock.IsPython(code.Value[..word]) ? code.Value[..word] : "";
        var start = code.Index + language.Length;
        blocks.Add(new(language, false, [(start + Indent(start, code.Index + code.Length, int.MaxValue), code.Index + code.Length)], true, span));
    }

    /// <summary>End of the line's text, and beginning of the next line. Lines end where Python ends them.</summary>
    (int Stop, int Next) LineAt(int at)
    {
        var length = text.AsSpan(at).IndexOfAny('\n', '\r');
        if (length < 0)
            return (text.Length, text.Length);
        var stop = at + length;
        return (stop, text[stop] == '\r' && stop + 1 < text.Length && text[stop + 1] == '\n' ? stop + 2 : stop + 1);
    }

    // Characters of white space up to a column; a tab that reaches beyond it goes whole.
    int Indent(int start, int stop, int column)
    {
        var at = start;
        for (var reached = 0; at < stop && reached < column && text[at] is ' ' or '\t'; at++)
            reached = text[at] == '\t' ? reached / 4 * 4 + 4 : reached + 1;
        return at - start;
    }

    int Column(int start, int stop) => Fence.Width(text.AsSpan(start, stop - start));

    /// <summary>What opened a block.</summary>
    /// <param name="Quotes">Quotation marks (&gt;) before each of its lines.</param>
    /// <param name="Column">How far the fence is indented behind them.</param>
    sealed partial record Fence(char Mark, int Length, string Language, int Quotes, int Column)
    {
        const int LooseIndent = 3;

        public static Fence? Of(Match opening)
        {
            var (run, info) = (opening.Groups["run"].Value, opening.Groups["info"].Value);
            if (run[0] == '`' && info.Contains('`'))
                return null;
            var container = opening.Groups["container"].ValueSpan;
            var quotes = container.Count('>');
            var column = Width(container[(container.LastIndexOf('>') + 1)..]);
            // A quotation's lines may have a blank behind the mark where its fence has none.
            return new(run[0], run.Length, FencedBlock.LanguageOf(info), quotes, quotes > 0 ? Math.Max(1, column) : column);
        }

        public static int Width(ReadOnlySpan<char> text)
        {
            var width = 0;
            foreach (var c in text)
                width = c == '\t' ? width / 4 * 4 + 4 : width + 1;
            return width;
        }

        /// <summary>Where a line's content begins behind its quotation marks; null if it has too few of them.</summary>
        public int? ContentStart(string text, int at, int stop)
        {
            for (var i = 0; i < Quotes; i++)
            {
                while (at < stop && text[at] is ' ' or '\t')
                    at++;
                if (at == stop || text[at++] != '>')
                    return null;
            }
            return at;
        }

        /// <summary>A block of Python that a line within this one opens: no program holds such a line, but a model that begins anew does not close what it leaves.</summary>
        public Fence? BegunAgain(ReadOnlySpan<char> line)
        {
            var run = line.TrimStart(" \t");
            var info = run.TrimStart(Mark);
            var length = run.Length - info.Length;
            return length >= Length && !info.Contains('`') && FencedBlock.LanguageOf(info.ToString()) is var language && FencedBlock.IsPython(language)
                ? this with { Length = length, Language = language, Column = Width(line[..^run.Length]) } : null;
        }

        public bool IsClosedBy(ReadOnlySpan<char> line)
        {
            var fence = line.TrimStart(" \t");
            var rest = fence.TrimStart(Mark);
            return fence.Length - rest.Length >= Length && Width(line[..^fence.Length]) <= Column + LooseIndent
                && (rest.IsWhiteSpace() || Tags.IsMatch(rest) || EndOfMessage.EnumerateMatches(rest) is var ends && ends.MoveNext() && Tags.IsMatch(rest[..ends.Current.Index]));
        }
    }

    // A quotation's marks, a list's bullets and tags may come before a fence.
    [GeneratedRegex(@"\G(?<container>(?:[ \t]*(?:>|[-*+](?=[ \t])|[0-9]{1,9}[.)](?=[ \t])))*[ \t]*)(?:<[^<>`\r\n]{1,60}>[ \t]*)*(?<run>`{3,}|~{3,})(?<info>.*)")]
    private static partial Regex Opening { get; }

    [GeneratedRegex(@"\G(?:[ \t]*(?:>|[-*+](?=[ \t])|[0-9]{1,9}[.)](?=[ \t])))*[ \t]*(?<run>`{3,})(?<code>[^`].*?)(?<!`)\k<run>(?!`)(?:[ \t]*<[^<>`\r\n]{1,60}>)*[ \t]*$")]
    private static partial Regex OneLine { get; }

    // Not <|end|>, by which some models end each part of a message.
    [GeneratedRegex(@"<\|(?:im_end|endoftext|eot_id|end_of_text|END_OF_TURN_TOKEN)\|>|<end_of_turn>|<｜end▁of▁sentence｜>")]
    private static partial Regex EndOfMessage { get; }

    [GeneratedRegex(@"^(?:\s*<[^<>`]{1,60}>)*\s*$")]
    private static partial Regex Tags { get; }
}
