using System.Text.Json;
using Rlef.Problems;

namespace Rlef.Core.Tests.Problems;

/// <summary>What is wrong with a row or a file is said of that row or file, and costs no other.</summary>
public sealed class FormatFaultTests(Sandboxes sandboxes) : SmallSets(sandboxes)
{
    [Fact]
    public async Task A_JSON_array_is_read_and_its_faults_have_lines()
    {
        var reading = await ReadAsync(Write($"[\n{Mbpp.Trim()},\n\n{{\"task_id\": 9, \"code\": \"def g(): pass\", \"text\": \"t\", \"test_list\": [\"assert f() == 1\"]}},\n3]", "p.json"));
        Assert.Equal(3, reading.Records);
        Assert.Equal([(4, "9", "test_list[0]"), (5, "", "(line)")], reading.Faults.Select(f => (f.Line, f.Problem, f.Field)));
    }

    [Fact]
    public async Task A_JSON_array_may_hold_floats_as_Python_writes_them_and_begin_after_blank_lines()
    {
        var lines = Plus.Trim().Split('\n');
        var reading = await ReadAsync(Write($"\n\n[{lines[0].Replace("\"plus_input\": [", "\"plus_input\": [[Infinity], ", StringComparison.Ordinal)},\n{string.Join(",\n", lines[1..])},\n3]", "p.json"), "evalplus");
        Assert.Equal(lines.Length + 1, reading.Records);
        Assert.Equal(3 + lines.Length, reading.Faults[^1].Line);
    }

    [Theory]
    [InlineData("import sys\ndef f(x):\n    sys.__stdout__.write('x')\n    return x")]
    [InlineData("import os\ndef f(x):\n    os.write(1, b'[]')\n    return x")]
    public async Task A_reference_that_writes_past_its_standard_output_is_a_fault_of_its_row(string reference)
    {
        var record = JsonSerializer.Serialize(new { task_id = 77, text = "Give it back.", code = reference, test_list = new[] { "assert f(1) == 1" } });
        var reading = await ReadAsync(Write($"{record}\n{Mbpp.Trim()}\n"));
        Assert.Equal((2, 1), (reading.Records, reading.Problems.Length));
        Assert.Contains("past sys.stdout", Assert.Single(reading.Faults).Reason);
    }

    [Fact]
    public async Task Test_code_that_takes_longer_than_a_checker_has_is_a_fault()
    {
        var record = JsonSerializer.Serialize(new
        {
            task_id = "T/9", prompt = "def f(n):\n", entry_point = "f", canonical_solution = "    return n + 0.5\n",
            test = "import time\ndef check(candidate):\n    until = time.process_time() + 5.5\n    while time.process_time() < until: pass\n    assert abs(candidate(1) - 1.5) < 1e-3\n"
        });
        Assert.Contains("its test code computes for", Assert.Single((await ReadAsync(Write(record))).Faults).Reason);
    }

    // Else the reference itself, or every program, would be judged wrong, or any right that returns the same.
    [Theory]
    [InlineData("def f(x):\n    x.append(1)\n    return x", "a = [0]\nf(a)\nassert a == [0, 1]")]
    [InlineData("def f(x):\n    if x < 0: raise ValueError\n    return x", "assert f(1) == 1\ntry:\n    f(-1)\nexcept ValueError:\n    pass\nelse:\n    raise AssertionError")]
    [InlineData("seen = []\ndef f(x):\n    seen.append(x)\n    return len(seen)", "assert f(1) == 1\nassert f(1) == 2")]
    [InlineData("def f(x):\n    print(x)", "import contextlib, io\nout = io.StringIO()\nwith contextlib.redirect_stdout(out):\n    f(1)\nassert out.getvalue() == '1\\n'")]
    [InlineData("def f(x): return lambda y: x + y", "assert f(1)(2) == 3")]
    public async Task Tests_that_ask_for_more_than_a_value_are_a_fault_of_their_row(string reference, string test)
    {
        var record = JsonSerializer.Serialize(new { task_id = 77, text = "-", code = reference, test_list = new[] { test } });
        Assert.Contains("ask for more than the value", Assert.Single((await ReadAsync(Write($"{record}\n{Mbpp.Trim()}\n"))).Faults).Reason);
    }

    [Theory]
    [InlineData("from decimal import Decimal\ndef f(x): return Decimal(x) / 10", "assert f(1) == __import__('decimal').Decimal('0.1')")]
    [InlineData("from fractions import Fraction\ndef f(x): return Fraction(x, 3)", "from fractions import Fraction\nassert f(1) == Fraction(1, 3)")]
    [InlineData("import random\ndef f(x): return {frozenset([x]): {(x, frozenset())}}", "import random\nx = random.random()\nassert f(x) == {frozenset([x]): {(x, frozenset())}}")]
    [InlineData("def f(x): return iter([x, x])", "assert list(f(1)) == [1, 1] and list(f(1)) == [1, 1]")]
    [InlineData("def f(x): return 1 / x", "assert f(1) == 1\ntry:\n    f(0)\nexcept ZeroDivisionError:\n    pass")]
    public async Task Tests_that_hold_for_the_recorded_values_are_no_fault(string reference, string test)
    {
        var record = JsonSerializer.Serialize(new { task_id = 77, text = "-", code = reference, test_list = new[] { test } });
        var (reading, result) = await ValidateAsync(Write(record));
        Assert.Empty(reading.Faults);
        Assert.Empty(result.Faults);
    }

    [Theory]
    [InlineData("def helper(:", "", "preamble")]
    [InlineData("import nowhere", "", "preamble")]
    [InlineData("", "limit = = 3", "setup")]
    [InlineData("", "limit = made_by_the_program", null)]
    [InlineData("from math import *", "limit = 3", null)]
    public async Task Code_of_a_problem_s_own_that_does_not_run_is_a_fault_without_a_reference_too(string preamble, string setup, string? fault)
    {
        var record = JsonSerializer.Serialize(new { id = "a", statement = "Double it.", entry_point = "f", public_tests = new[] { new { input = "[1]", output = "2" } }, private_tests = new[] { new { input = "[2]", output = "4" } }, preamble, setup });
        Assert.Equal(fault, (await ValidateAsync(Write(record))).Result.Faults.SingleOrDefault()?.Field);
    }

    [Theory]
    [InlineData("lambda: x")]
    [InlineData("[float('nan')] * 250_000")]
    public async Task A_value_of_EvalPlus_that_does_not_cross_is_a_fault_of_its_row(string value)
    {
        var record = JsonSerializer.Serialize(new { task_id = "x/1", prompt = "", entry_point = "f", canonical_solution = $"def f(x): return {value}\n", base_input = new[] { new[] { 1 } }, plus_input = Array.Empty<int>(), atol = 0 });
        Assert.Contains("no program can be compared with", Assert.Single((await ReadAsync(Write($"{record}\n{Plus.Trim()}\n"))).Faults).Reason);
    }

    [Theory]
    [InlineData("""{"id":"\ud800","statement":"-","public_tests":[]}""")]
    [InlineData("""{"id":"a","\ud800":1,"statement":"-","public_tests":[{"input":"1","output":"1"}],"private_tests":[{"input":"1","output":"1"}]}""")]
    public async Task Half_of_a_surrogate_pair_is_a_fault_of_its_row(string record)
    {
        var right = """{"id":"b","statement":"-","public_tests":[{"input":"1","output":"1"}],"private_tests":[{"input":"1","output":"1"}],"reference":"print(1)"}""";
        var reading = await ReadAsync(Write($"{right}\n{record}\n"));
        Assert.Equal((2, 1), (reading.Records, reading.Problems.Length));
        Assert.Equal(2, Assert.Single(reading.Faults).Line);
    }

    [Fact]
    public async Task A_reference_finds_its_own_classes_by_name()
    {
        var record = JsonSerializer.Serialize(new { task_id = 78, text = "Give it back.", code = "import pickle\nclass A:\n    def __init__(self, x): self.x = x\ndef f(n): return pickle.loads(pickle.dumps(A(n))).x", test_list = new[] { "assert f(1) == 1" } });
        Assert.Empty((await ReadAsync(Write(record))).Faults);
    }

    [Fact]
    public async Task Faulty_rows_are_told_one_by_one_and_the_others_kept()
    {
        var wrong = HumanEval.Replace("T/0", "T/1").Replace("return a + b", "return a * b");
        var endless = HumanEval.Replace("T/0", "T/2").Replace("return a + b", "raise SystemExit");
        var reading = await ReadAsync(Write($"{HumanEval}\n{wrong}\nno json\n{{\"task_id\":\"T/3\"}}\n{HumanEval}\n{endless}\n[]"));
        Assert.Equal((7, 3, 1), (reading.Records, reading.References, reading.Problems.Length));
        Assert.Equal([(2, "T/1", "reference"), (3, "", "(line)"), (4, "T/3", "prompt"), (5, "T/0", "id"), (6, "T/2", "reference"), (7, "", "(line)")],
            reading.Faults.Select(f => (f.Line, f.Problem, f.Field)));
        Assert.Contains("the reference fails the tests of its own set", reading.Faults[0].Reason);
        Assert.Contains("line 1 already", reading.Faults[3].Reason);
        Assert.Throws<ProblemFormatException>(() => reading.ToSet());
    }

    [Fact]
    public async Task Fields_that_are_missing_or_of_another_type_are_faults_of_their_rows()
    {
        var plus = await ReadAsync(Write(Plus + "\n" + """{"task_id":"x","prompt":"","entry_point":"f","canonical_solution":"def f(x): return x","plus_input":[]}"""), "evalplus");
        Assert.Equal((4, "x", "base_input"), plus.Faults.Select(f => (f.Line, f.Problem, f.Field)).Single());
        var apps = await ReadAsync(Write(Apps + "\n" + """{"problem_id":3,"question":"-","input_output":{"fn_name":3,"inputs":[[1]],"outputs":[1]}}"""));
        Assert.Equal((3, "3", "input_output.fn_name"), apps.Faults.Select(f => (f.Line, f.Problem, f.Field)).Single());
        var contests = await ReadAsync(Write("""
            {"name":"b","description":"-","private_tests":[{"input":"1","output":"1"}],"solutions":[{"solution":"1"},{"language":3.5,"solution":"2"},{"language":"python3","solution":"3"}]}
            """), "codecontests");
        Assert.Equal("3", contests.Problems.Single().Problem.Reference);
    }

    [Fact]
    public async Task A_reference_that_needs_a_package_is_told_what_programs_have()
    {
        var fault = (await ReadAsync(Write($"{HumanEval}\n{HumanEval.Replace("T/0", "T/1").Replace("return a + b", "import numpy; return a + b")}"))).Faults.Single();
        Assert.EndsWith("No module named 'numpy': programs in the sandbox have Python's standard library alone.", fault.Reason);
        foreach (var uses in (string[])["import numpy as np\\n    assert np.sum([candidate(1, 2)]) == 3", "from numpy import sum\\n    assert sum([candidate(1, 2)]) == 3"])
            Assert.EndsWith("No module named 'numpy': programs in the sandbox have Python's standard library alone.", (await ReadAsync(Write($"{HumanEval}\n{HumanEval.Replace("T/0", "T/1").Replace("def check(candidate):", $"def check(candidate):\\n    {uses}")}"))).Faults.Single().Reason);
    }

    [Fact]
    public async Task What_is_no_problem_file_is_named()
    {
        var zipped = Zip(string.Concat(Enumerable.Range(0, 2000).Select(i => HumanEval.Replace("T/0", $"T/{i * 7919}") + "\n")));
        var bytes = File.ReadAllBytes(zipped);
        File.WriteAllBytes(zipped, bytes[..(bytes.Length / 2)]);
        Assert.Contains(zipped, (await Assert.ThrowsAsync<InvalidDataException>(() => ReadAsync(zipped))).Message);
        bytes[bytes.Length / 2] ^= 0xff;
        File.WriteAllBytes(zipped, bytes);
        Assert.Contains(zipped, (await Assert.ThrowsAsync<InvalidDataException>(() => ReadAsync(zipped))).Message);
        var named = Write("{}", "x.jsonl.gz");
        Assert.Contains("not gzipped", (await Assert.ThrowsAsync<InvalidDataException>(() => ReadAsync(named))).Message);
        Assert.Contains("Parquet", (await Assert.ThrowsAsync<InvalidDataException>(() => ReadAsync(Write("PAR1\0\0\0\0PAR1", "x.parquet")))).Message);
        Assert.Contains("no known format", (await Assert.ThrowsAsync<ProblemFormatException>(() => ReadAsync(Write("{\"a\":1}")))).Message);
        Assert.Contains("no problems", (await Assert.ThrowsAsync<ProblemFormatException>(() => ReadAsync(Write("\n\n")))).Message);
        Assert.Contains("neither", (await Assert.ThrowsAsync<ProblemFormatException>(() => ReadAsync(Directory.CreateDirectory(Path.Combine(folder, "empty")).FullName))).Message);
        Assert.Contains("humaneval", (await Assert.ThrowsAsync<ArgumentException>(() => ReadAsync(Write(HumanEval), "humanevil"))).Message);
        // A named format is believed, and its faults are of that format.
        Assert.Equal("test_list", (await Assert.ThrowsAsync<ProblemFormatException>(() => ReadAsync(Write("{\"task_id\":1,\"code\":\"\"}"), "mbpp"))).Field);
        await Assert.ThrowsAsync<FileNotFoundException>(() => ReadAsync(Path.Combine(folder, "nowhere")));
    }
}
