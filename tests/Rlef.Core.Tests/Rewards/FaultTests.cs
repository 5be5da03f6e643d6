using System.Text;
using Rlef.Core.Tests.Policy;
using Rlef.Policy;
using Rlef.Rewards;
using static Rlef.Core.Tests.Rewards.PlayedPrograms;

namespace Rlef.Core.Tests.Rewards;

/// <summary>What the fine reward blames for errors that Python made in the sandbox.</summary>
public sealed class FaultTests(Sandboxes sandboxes)
{
    const string Whole = "*";

    static readonly PolicyTokenizer Letters = Tokenizers.Bytes();

    /// <summary>A program, and the text that is to blame.</summary>
    public static TheoryData<string, string> Programs => new()
    {
        // U_line: what Python reports, wherever else the same text stands.
        { "def pick(xs, i):\n    return xs[i]\nprint(pick([1], 0))\nprint(pick([1], 1))", "return xs[i]" },
        { "x = [1]\nprint(x[0])\nx = []\nprint(x[0])  # again", "print(x[0])  # again" },
        { "total = 0\nfor i in range(3):\n    total += vlaue\n", "total += vlaue" },
        { "def f():\n    y = x + 1\n    x = 2\nf()", "y = x + 1" },
        { "d = {}\nd['k'] += 1", "d['k'] += 1" },
        { "a = int(input())", "a = int(input())" },
        { "input()\nb = input()", "b = input()" },
        { "import no_such_module_here", "import no_such_module_here" },
        { "from math import sinus", "from math import sinus" },
        { "a = 1\nprint(\n    a,\n    a // 0,\n)", "a // 0," },
        { "s = 'abc'\ns.len()", "s.len()" },
        { "n = 0\nassert n, 'n'", "assert n, 'n'" },
        { "d = {1: 2}\nfor k in d:\n    d[k + 1] = 3", "for k in d:" },
        { "def g():\n    raise StopIteration\n    yield\nlist(g())", "list(g())" },
        { "import re\nre.compile('(')", "re.compile('(')" },
        { "xs = [0] * 10 ** 18", "xs = [0] * 10 ** 18" },
        { "xs = []\nwhile True: xs.append(bytes(10 ** 7))", "while True: xs.append(bytes(10 ** 7))" },
        { "try:\n    int('x')\nexcept ValueError as e:\n    raise KeyError('k') from e", "raise KeyError('k') from e" },
        { "f = lambda v: v / 0\nlist(map(f, [1]))", "f = lambda v: v / 0" },
        { "code = 'a = b'\nexec(code)", "exec(code)" },
        { "exec('if 1:\\nx = 1')", "exec('if 1:\\nx = 1')" },
        { "eval('(')", "eval('(')" },
        { "class IndentationError(Exception): pass\nraise IndentationError", "raise IndentationError" },
        { "raise ValueError('RecursionError: triple-quoted')", "raise ValueError('RecursionError: triple-quoted')" },
        { "raise ValueError('a\\n\\nb')", "raise ValueError('a\\n\\nb')" },
        { "x = '''\nRuntimeError\n'''\nclass RuntimeErrors(Exception): pass\nraise RuntimeErrors", "raise RuntimeErrors" },
        { "été = '🙂' * 2\nprint('日本', été[9])\nx = 1", "print('日本', été[9])" },
        { "def f(:\n    pass", "def f(:" },
        { "x = (1,\ny = 2", "x = (1," },
        { "def f(a, a):\n    return a", "def f(a, a):" },
        { "def f():\n    from math import *\n    return sin(1)", "from math import *" },
        { "def f():\n    nonlocal q", "nonlocal q" },
        { "a = 'abc", "a = 'abc" },
        { "a = 1\nreturn a", "return a" },
        { "print 'x'", "print 'x'" },
        { "try:\n    x = 1\nprint(x)", "print(x)" },
        // U_ignore.
        { "a = 1\n  b = 2", "" },
        { "if 1:\n    x = 1\n  y = 2", "" },
        { "def f():\nx = 1", "" },
        { "if 1:\n\tx = 1\n        y = 2", "" },
        { "s = '''abc\nprint(s)", "" },
        { "s = f\"\"\"{1}\nprint(s)", "" },
        // No line is named.
        { "import sys\nsys.exit(3)", "" },
        { "import os\nos.kill(os.getpid(), 11)", "" },
        { "x = 1\0", "" },
        { "try:\n    pass\n\n\n", "" },
        // Nothing went wrong but the answer.
        { "print('no')", "" },
        // U_global.
        { "def f(n):\n    return f(n + 1)\nf(0)", Whole },
        { "while True:\n    pass", Whole },
        { "while True:\n    print('y' * 1000)", Whole },
    };

    [Theory, MemberData(nameof(Programs))]
    public async Task Python_errors_are_blamed_as_the_papers_table_says(string program, string blamed)
    {
        var response = Fenced(program);
        var tokens = new RltfReward(RltfFeedback.Fine, Letters).Score(await PlayAsync(sandboxes, response, Letters)).Tokens;
        Assert.Equal(blamed == Whole ? program + "\n" : blamed, Blamed(response, tokens));
        Assert.Equal(blamed.Length > 0 ? -0.3 * tokens.Length : 0, tokens.Sum(), 9);
    }

    [Fact]
    public async Task The_first_test_that_raises_names_the_error()
    {
        var response = Fenced("a, b = map(int, input().split())\nif a == 3:\n    a.x\nif a == 5:\n    a.y");
        Assert.Equal("a.x", Blamed(response, new RltfReward(RltfFeedback.Fine, Letters).Score(await PlayAsync(sandboxes, response, Letters)).Tokens));
    }

    [Theory]
    [InlineData("Sô🙂:\n1. do\n   ```python\n   x=1\n   é=1/0\n   z=2\n   ```", "é=1/0")]
    [InlineData("> ```python\r\n> x=1\r\n> y='🙂'/0\r\n> ```", "y='🙂'/0")]
    [InlineData("> ```python\n> def f(): f()\n> f()\n> ```", "def f(): f()\nf()\n")]
    [InlineData("<think>\n```python\nx=1\ny=1/0\n```\n</think>\n```python\nx=1\nz=1/0\n```\n```\n9\n```", "z=1/0")]
    public async Task The_line_is_found_in_indented_and_quoted_blocks(string response, string blamed) =>
        Assert.Equal(blamed, Blamed(response, new RltfReward(RltfFeedback.Fine, Letters).Score(await PlayAsync(sandboxes, response, Letters)).Tokens));

    [Theory]
    [InlineData("```python\ndef solve(n):\n    return n\nprint(solve(int(input(", true, "def solve(n):\n    return n\nprint(solve(int(input(")]
    [InlineData("First\n```python\nx = 1\n```\nor\n```python\nif x:", true, "if x:")]
    [InlineData("> ```\n> a = [1,\n> 2", true, "a = [1,\n2")]
    [InlineData("```python\nprint('é", true, "print('é")]
    // It ended by itself, or in words, or before there was a program.
    [InlineData("```python\nprint(solve(int(input(", false, "")]
    [InlineData("<think>\n```python\nx = (", true, "")]
    [InlineData("Let me see", true, "")]
    [InlineData("```python\n", true, "")]
    [InlineData("```python\nprint(\n```\nThis is", true, "print(")]
    public async Task Of_a_program_that_was_cut_all_there_is_is_to_blame(string response, bool truncated, string blamed)
    {
        var reward = new RltfReward(RltfFeedback.All, Letters).Score(await PlayAsync(sandboxes, response, Letters, truncated));
        Assert.Equal([-1.3], reward.Turns);
        Assert.Equal(blamed, Blamed(response, reward.Tokens));
    }

    [Fact]
    public async Task A_character_that_was_cut_is_part_of_the_program()
    {
        const string fence = "```python\n";
        var ids = Letters.Encode(fence + "print('é")[..^1];
        var text = Letters.Decode(ids);
        Assert.EndsWith("\uFFFD", text, StringComparison.Ordinal);
        var episode = await PlayAsync(sandboxes, text, Letters, truncated: true);
        var tokens = new RltfReward(RltfFeedback.Fine, Letters).Score(episode with { Turns = [episode.Last with { Response = ids, LogProbs = new float[ids.Length] }] }).Tokens;
        Assert.Equal(Enumerable.Range(fence.Length, ids.Length - fence.Length), Enumerable.Range(0, ids.Length).Where(i => tokens[i] != 0));
    }

    [Theory]
    [InlineData("gpt2")]
    [InlineData("qwen3")]
    [InlineData("llama3_1")]
    public Task Tokens_of_public_tokenizers_are_those_that_overlap_the_line(string name) => Overlap(TokenizerFile.Load(SharedData.Require("tokenizers", name, "tokenizer.json")));

    // A token that reaches into the line is part of it; what stands before and behind is not.
    [Theory]
    [InlineData("llama2")]
    [InlineData("metaspace-always")]
    [InlineData("metaspace-first")]
    [InlineData("metaspace-never")]
    [InlineData("added-tokens")]
    [InlineData("whole-words")]
    public Task Tokens_of_any_tokenizer_are_those_that_overlap_the_line(string name) => Overlap(TokenizerFile.Load(References.Path("tokenizers", name + ".json")));

    async Task Overlap(PolicyTokenizer tokenizer)
    {
        var response = Fenced("été = '🙂日本' * 2\nif été:\n    print('日本', été[9])\nx = 1");
        var ids = tokenizer.Encode(response);
        // What comes back of a text is not always the text: some tokenizers begin it with a space.
        response = tokenizer.Decode(ids);
        var episode = await PlayAsync(sandboxes, response, Letters);
        var tokens = new RltfReward(RltfFeedback.Fine, tokenizer).Score(episode with { Turns = [episode.Last with { Response = ids, LogProbs = new float[ids.Length] }] }).Tokens;
        var (line, spans) = ("print('日本', été[9])", tokenizer.Spans(ids));
        var (start, paid) = (response.IndexOf(line, StringComparison.Ordinal), Enumerable.Range(0, ids.Length).Where(i => tokens[i] != 0).ToList());
        Assert.Equal(Enumerable.Range(paid[0], paid.Count), paid);
        Assert.Equal(-0.3 * ids.Length, tokens.Sum(), 9);
        Assert.Contains(line, response[spans[paid[0]].Start..spans[paid[^1]].End], StringComparison.Ordinal);
        Assert.True(spans[paid[0]].End > start && spans[paid[^1]].Start < start + line.Length);
        Assert.True(spans[paid[0] - 1].End <= start && spans[paid[^1] + 1].Start >= start + line.Length);
    }

    // A token a byte.
    static string Blamed(string response, double[] tokens) =>
        Encoding.UTF8.GetString([.. Encoding.UTF8.GetBytes(response).Where((_, i) => tokens[i] != 0)]);
}
