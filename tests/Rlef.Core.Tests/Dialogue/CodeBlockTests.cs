using Rlef.Dialogue;

namespace Rlef.Core.Tests.Dialogue;

public sealed class CodeBlockTests
{
    [Theory]
    [InlineData("```python\nx=1\n```", "x=1\n")]
    [InlineData("```\nx=1\n```", "x=1\n")]
    [InlineData("~~~py\nx=1\n~~~\n", "x=1\n")]
    [InlineData("Look:\n````python\ns = '''\n```\n'''\n````", "s = '''\n```\n'''\n")]
    [InlineData("```python\nx=1\n`````  \nText.", "x=1\n")]
    [InlineData("```python\r\nx=1\r\n\r\ny=2\r\n```\r\n", "x=1\r\n\r\ny=2\r\n")]
    [InlineData("```python\rx=1\r```", "x=1\r")]
    [InlineData("   ```python\n   x=1\n    y=2\n  ```", "x=1\n y=2\n")]
    public void A_fence_opens_a_block_and_one_as_long_closes_it(string response, string program) => Found(response, program);

    [Theory]
    [InlineData("```python\n```python\nx=1\n```", "x=1\n")]
    [InlineData("```python\nx=0\nOops, anew:\n```py\nx=1\n```\n", "x=1\n")]
    [InlineData("```\n```python\nx=1\n```\n```", "x=1\n")]
    [InlineData("```python\nx=0\n  ```python\n  x=1\n  ```\n", "x=1\n")]
    [InlineData("> ```python\n> ```python\n> x=1\n> ```", "x=1\n")]
    [InlineData("~~~python\n```python\nx=1\n~~~", "```python\nx=1\n")]
    [InlineData("````python\n```python\nx=1\n````", "```python\nx=1\n")]
    [InlineData("```python\ns = \"\"\"\n```python\n\"\"\"\n```", "s = \"\"\"\n```python\n\"\"\"\n")]
    public void A_block_that_is_begun_again_begins_there(string response, string program) => Found(response, program);

    [Fact]
    public void A_block_that_is_begun_again_and_again_is_read_in_one_go() =>
        Found(string.Concat(Enumerable.Repeat("```python\n", 100_000)) + "x=1\n```", "x=1\n");

    [Theory]
    [InlineData("Python")]
    [InlineData("PY")]
    [InlineData("python3")]
    [InlineData("py3")]
    [InlineData("python3.11")]
    [InlineData(" python ")]
    [InlineData("python title=\"a b.py\"")]
    [InlineData("python {.numberLines startFrom=\"3\"}")]
    [InlineData("python{1,3}")]
    [InlineData("python,linenos")]
    [InlineData("python:src/a.py")]
    [InlineData("{.python .numberLines}")]
    [InlineData("{python}")]
    [InlineData("{#first .python}")]
    public void The_first_word_marks_Python_in_any_case_and_version(string info)
    {
        Found($"```{info}\nx=1\n```\nIt prints\n```\n9\n```\n", "x=1\n");
        Found($"~~~ {info}\nx=1\n~~~\n```sh\nls\n```\n", "x=1\n");
    }

    [Theory]
    [InlineData("```python\nx=1\n```\n```python\ny=2\n```", "y=2\n")]
    [InlineData("```\n3\n```\n```python\nx=1\n```\n```\n9\n```", "x=1\n")]
    [InlineData("```\nx=1\n```\n```\ny=2\n```\n```js\nz\n```", "y=2\n")]
    [InlineData("```python\nx=1\n```\n```python\n\n```", "x=1\n")]
    [InlineData("```python print(1)```\n```\n1\n```", "print(1)")]
    [InlineData("```print(1)```", "print(1)")]
    [InlineData("```\nx=1\n```\n```pip install it```", "x=1\n")]
    public void The_last_marked_block_is_the_program_or_else_the_last_unmarked_one(string response, string program) => Found(response, program);

    [Theory]
    [InlineData("1. Read\n   ```python\n   if a:\n       b\n   ```\n2. Write", "if a:\n    b\n")]
    [InlineData("- ```python\n  x=1\n  ```", "x=1\n")]
    [InlineData("10) So\n    - then\n      ```python\n      x=1\n\n      y=2\n      ```", "x=1\n\ny=2\n")]
    [InlineData("1. The list's fences alone\n   ```python\nif a:\n  b\n   ```", "if a:\n  b\n")]
    [InlineData("1. Only code\n   ```python\n   s = '''\na\n   '''\n   ```", "s = '''\na\n'''\n")]
    [InlineData("\t```python\n\tif a:\n\t\tb\n\t```", "if a:\n\tb\n")]
    [InlineData("> ```python\n> if a:\n>     b\n>\n> c\n> ```\n", "if a:\n    b\n\nc\n")]
    [InlineData(">> ```python\n> > x=1\n>>```", "x=1\n")]
    [InlineData("> 1. ```python\n>    x=1\n>    ```", "x=1\n")]
    public void Blocks_in_lists_and_quotations_lose_what_stands_before_their_lines(string response, string program) => Found(response, program);

    [Theory]
    [InlineData("s = \"```\"\n")]
    [InlineData("def f():\n    \"\"\"As in\n    ```\n    f()\n    ```\n    \"\"\"\n")]
    [InlineData("'''As in\n```python\nf()\n```\n'''\nx=1\n")]
    [InlineData("s = r'''\\'''\n# it's \"\"\" no string\nt = 'it\\'s'\n")]
    [InlineData("s = '</think>'  # </think>\n'''\n</think>\n'''\n")]
    public void What_strings_and_comments_hold_ends_neither_program_nor_reasoning(string program)
    {
        Found($"```python\n{program}```", program);
        Found($"<think>\nmaybe\n</think>\n```python\n{program}```\nDone.", program);
    }

    [Fact]
    public void A_string_that_never_ends_takes_no_later_block_along() => Found("```python\ns = '''\n```\nNo:\n```python\nx=1\n```", "x=1\n");

    [Theory]
    [InlineData("<think>\n```python\ndraft\n```\n</think>\n```python\nx=1\n```")]
    [InlineData("<think>\n```python\ndraf\nno, that's wrong.</think>```python\nx=1\n```")]
    [InlineData("It opened ``` before.\n```python\ndraft\n```\n</think>\n\n```python\nx=1\n```")]
    [InlineData("```python\ndraft(\nNo.\n</think>\n```python\nx=1\n```")]
    [InlineData("<Thinking>``` or ~~~?</Thinking>\n<answer>\n```python\nx=1\n```\n</answer>")]
    [InlineData("[THINK]```[/THINK]<answer>```python\nx=1\n```</answer>")]
    [InlineData("<|channel|>analysis<|message|>```python\nno\n```<|end|><|start|>assistant<|channel|>final<|message|>```python\nx=1\n```<|return|>")]
    [InlineData("<think>one</think>\n```python\ndraft\n```\n<think>two</think>\n```python\nx=1\n```<|im_end|>")]
    public void Nothing_before_the_end_of_reasoning_counts(string response) => Found(response, "x=1\n");

    [Theory]
    [InlineData("```python\nx=1\n```<|im_end|>\n<|im_start|>user\nAnother\n<|im_start|>assistant\n```python\ny=2\n```")]
    [InlineData("```python\nx=1\n```\nDone.<|eot_id|>\n```python\ny=2\n```")]
    [InlineData("```python\nx=1\n```\n<end_of_turn>\n```python\ny=2\n```")]
    [InlineData("```python\nx=1\n```<|endoftext|>So much for ```python\ny=2\n```")]
    [InlineData("\uFEFF```python\nx=1\n```")]
    public void Nothing_behind_the_end_of_the_message_counts(string response) => Found(response, "x=1\n");

    [Fact]
    public void A_mark_in_the_program_ends_nothing() => Found("```python\nx='<|im_end|>'\ny=2\n```", "x='<|im_end|>'\ny=2\n");

    [Theory]
    [InlineData("x=1", "no code block")]
    [InlineData("", "no code block")]
    [InlineData("x=1\n```\n", "empty")]
    [InlineData("```python\n```", "empty")]
    [InlineData("```python\nx=1\n", "cut")]
    [InlineData("```python\nx=1\n``", "cut")]
    [InlineData("```python\nx=1```", "cut")]
    [InlineData("````python\nx=1\n```", "cut")]
    [InlineData("~~~python\nx=1\n```", "cut")]
    [InlineData("```python\nx=1\n```\nBetter:\n```python\ny=", "cut")]
    [InlineData("> ```python\n> x=1\nand so on\n", "cut")]
    [InlineData("<think>\n```python\nx=1\n```\n", "reasoning")]
    [InlineData("<think>a</think>\n<think>\n```python\nx=1\n```\n", "reasoning")]
    [InlineData("```python\nx=1\n```\n</think>\nI cannot.", "no code block behind the end of its reasoning")]
    [InlineData("Here: ```python\nx=1\n```", "begins a line")]
    [InlineData("```cpp\nint x;\n```", "cpp")]
    [InlineData("````markdown\n```python\nx=1\n```\n````", "markdown")]
    [InlineData("Put it between ```python and ```.", "no code block")]
    public void Anything_else_is_no_program_and_the_reason_is_told(string response, string reason)
    {
        Assert.Null(CodeBlock.Find(response, out var missing));
        Assert.Contains(reason, missing);
    }

    [Fact]
    public void Deep_quotations_and_long_lines_are_read_in_no_time()
    {
        string[] floods =
        [
            new('>', 100_000), new('`', 100_000), string.Concat(Enumerable.Repeat("``` `", 20_000)), "```" + new string('{', 100_000),
            string.Concat(Enumerable.Repeat("<a>", 30_000)), string.Concat(Enumerable.Repeat("```\n'''\n```\n", 2_000)), string.Concat(Enumerable.Repeat("<think>", 20_000)),
            string.Concat(Enumerable.Repeat("- ", 50_000)), "```" + new string(' ', 100_000), string.Concat(Enumerable.Repeat("```<a>\n", 10_000)),
        ];
        var clock = System.Diagnostics.Stopwatch.StartNew();
        foreach (var flood in floods)
            Found(flood + "\n</think>\n```python\nx=1\n```", "x=1\n");
        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 20);
    }

    static void Found(string response, string program)
    {
        var code = CodeBlock.Find(response, out var missing);
        Assert.Null(missing);
        Assert.Equal(program, code!.Program);
        Assert.Equal(program, string.Concat(code.Lines.Select(l => response[l.Start..l.End])));
    }
}
