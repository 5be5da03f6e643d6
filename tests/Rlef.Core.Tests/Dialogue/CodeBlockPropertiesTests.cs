using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Rlef.Dialogue;

namespace Rlef.Core.Tests.Dialogue;

/// <summary>Responses are built around a program in every way that models have, and the program is found again.</summary>
public sealed class CodeBlockPropertiesTests
{
    static readonly string[] Statements =
    [
        "n = int(input())", "s = \"```\"", "t = '~~~ # </think>'", "# it's a comment: \"\"\"", "def f(a):\n    return a", "if n > 1:\n\tprint(n)", "", "   ",
        "'''\n```\n'''", "def g():\n    \"\"\"See\n    ```python\n    g()\n    ```\n    \"\"\"\n    return 'é🙂'", "u = r'\\'''", "x = '''a\\''' b'''", "\"</think>\"",
    ];

    static readonly string[] Prose = ["Here it is.", "", "Use `int` and ``a`b``.", "- a point", "2. a step", "> a remark", "It's \"so\": '''", "# Title", "    aside", "éè🙂", "<b>bold</b>"];

    static readonly string[] Others = ["```text\nuse ``` so\n```", "```js\nlet a = '''\n```", "~~~\n```\n9\n~~~", "```\n3\n```", "```sh\npython a.py\n```", "```a b```"];

    static readonly string[] Thoughts = ["", "<think>\n\n</think>\n", "<think>\nMaybe\n```python\nprint(inpu\nno, it's wrong.\n</think>\n", "so ``` it is\n```python\nno\n```\n</think>\n", "[THINK]~~~[/THINK]"];

    static readonly string[] Infos = ["python", "py", "Python3", "python3.11", "python {.numberLines}", "python title=\"a.py\"", "{.python}"];

    static readonly string[] Containers = ["", "   ", "1. ", "- ", "> ", ">", "> - ", "   - ", "\t", "> > ", "10. "];

    sealed record Built(string Response, string Program, int Close)
    {
        public override string ToString() => $"{Response}\n--- program\n{Program}";
    }

    static readonly Gen<Built> Builder =
        from statements in Gen.NonEmptyListOf(Gen.Elements(Statements))
        from before in Gen.ListOf(Gen.Elements([.. Prose, .. Others]))
        from after in Gen.ListOf(Gen.Elements([.. Prose, .. Others]))
        from thought in Gen.Elements(Thoughts)
        from info in Gen.Elements(Infos)
        from container in Gen.Elements(Containers)
        from mark in Gen.Elements('`', '~')
        from length in Gen.Choose(3, 5)
        from newline in Gen.Elements("\n", "\r\n")
        from draft in Gen.Elements("", "```python\ndraft\n```\n")
        select Build(["import sys", .. statements, "print(n)"], [.. before], [.. after], thought + draft, info, container, new string(mark, length), newline);

    static Built Build(string[] statements, string[] before, string[] after, string start, string info, string container, string fence, string newline)
    {
        var lines = string.Join('\n', statements).Split('\n');
        var inner = string.Concat(container.Select(c => c is '>' or '\t' ? c : ' '));
        var text = new StringBuilder(start.Replace("\n", newline, StringComparison.Ordinal));
        foreach (var part in before)
            text.Append(part.Replace("\n", newline, StringComparison.Ordinal)).Append(newline);
        text.Append(container).Append(fence).Append(info).Append(newline);
        foreach (var line in lines)
            text.Append(inner).Append(line).Append(newline);
        text.Append(inner).Append(fence);
        var close = text.Length;
        foreach (var part in after)
            text.Append(newline).Append(part.Replace("\n", newline, StringComparison.Ordinal));
        return new(text.ToString(), string.Concat(lines.Select(l => l + newline)), close);
    }

    static void Check(int tests, Func<Built, bool> holds) =>
        Prop.ForAll(Arb.From(Builder), holds).Check(Config.QuickThrowOnFailure.WithMaxTest(tests));

    [Fact]
    public void The_program_is_found_again_and_its_lines_are_those_of_the_response() => Check(5000, built =>
    {
        var code = CodeBlock.Find(built.Response);
        return code is { Marked: true } && code.Program == built.Program
            && string.Concat(code.Lines.Select(l => built.Response[l.Start..l.End])) == built.Program
            && code.Lines.Length == built.Program.Count(c => c == '\n');
    });

    [Fact]
    public void A_response_cut_before_the_end_of_its_block_has_not_that_program() => Check(200, built =>
        Enumerable.Range(0, built.Close).All(length => CodeBlock.Find(built.Response[..length])?.Program != built.Program));
}
