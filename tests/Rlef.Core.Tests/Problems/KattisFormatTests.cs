using Rlef.Execution;
using Rlef.Problems;

namespace Rlef.Core.Tests.Problems;

/// <summary>Packages of Kattis, old and new.</summary>
public sealed class KattisFormatTests(Sandboxes sandboxes) : SmallSets(sandboxes)
{
    [Fact]
    public async Task A_Kattis_package_gives_tests_flags_submission_and_validator()
    {
        Write("name: Half\nvalidator_flags: float_tolerance 1e-3\n", "set/half/problem.yaml");
        Write("Halve.", "set/half/problem_statement/problem.en.tex");
        Write("1\n", "set/half/data/sample/1.in");
        Write("0.5\n", "set/half/data/sample/1.ans");
        Write("3\n", "set/half/data/secret/group/2.in");
        Write("1.5 Yes\n", "set/half/data/secret/group/2.ans");
        Write("n=int(input())\nprint(n/2+1e-5, 'YES' if n==3 else '')", "set/half/submissions/accepted/half.py");
        foreach (var (path, text) in ((string, string)[])[("problem.yaml", "name: D\nvalidation: custom\n"), ("problem_statement/problem.en.tex", "Any divisor."),
            ("data/sample/1.in", "12"), ("data/sample/1.ans", "0"), ("submissions/accepted/a.py", "print(3)"),
            ("output_validators/v.py", "import sys\nn=int(open(sys.argv[1]).read())\nopen(sys.argv[3]+'judgemessage.txt','w').write('x')\nd=int(sys.stdin.read())\nsys.exit(42 if n%d==0 else 43)")])
            Write(text, "set/divisor/" + path);
        var (reading, result) = await ValidateAsync(Path.Combine(folder, "set"));
        Assert.Equal(("kattis", 2, 2, 2), (reading.Format, result.Problems, result.Accepted, result.EmptyRejected));
        Assert.Equal(VerdictKind.WrongAnswer, await JudgeAsync(reading.ToSet()["divisor"], "print(5)"));
        Assert.Equal(VerdictKind.WrongAnswer, await JudgeAsync(reading.ToSet()["half"], "print(0.5)"));
        Write("name: I\nvalidation: custom interactive\n", "set/i/problem.yaml");
        var fault = Assert.Single((await ReadAsync(Path.Combine(folder, "set"))).Faults);
        Assert.Equal(("i", "validation"), (fault.Problem, fault.Field));
    }

    // As they lie on a judge's disk, whatever the validator opens them with; one that ends in another way than by 42 or 43 is no verdict.
    [Fact]
    public async Task A_Kattis_validator_finds_files_and_a_folder()
    {
        var problem = await ValidatedAsync("""
            import os, sys
            from pathlib import Path
            n, folder = int(Path(sys.argv[1]).read_text()), Path(sys.argv[3])
            assert os.path.isdir(sys.argv[3]) and os.path.getsize(sys.argv[2]) == 1
            (folder / 'judgemessage.txt').write_text('x')
            d = int(os.read(0, 99))
            sys.exit(0 if d == 1 else 42 if n % d == 0 else 43)
            """);
        Assert.Equal([VerdictKind.Accepted, VerdictKind.WrongAnswer, VerdictKind.WrongAnswer],
            [await JudgeAsync(problem, "print(3)"), await JudgeAsync(problem, "print(5)"), await JudgeAsync(problem, "print('x')")]);
        var broken = problem with { Checker = problem.Checker!.Replace("else 42", "else 44", StringComparison.Ordinal) };
        var verdict = (await Sandboxes.Judge().JudgeAsync("print(3)", broken, broken.AllTests)).Verdicts[0];
        Assert.Equal((VerdictKind.InfrastructureError, "The checker failed: ValueError: the validator ended with 44, which is neither 42 nor 43"), (verdict.Kind, verdict.Error!.Message));
    }

    // Its ways to end and to write are those of any script.
    [Theory]
    [InlineData("os._exit(code)")]
    [InlineData("try: os._exit(code)\nexcept: os._exit(1)")]
    [InlineData("sys.stdout.buffer.write(b'x')\nsys.stderr.reconfigure(line_buffering=True)\nprint(1)\nexit(code)")]
    [InlineData("import threading\nthreading.Thread(target=lambda: os._exit(code)).start()\nthreading.Event().wait()")]
    public async Task A_Kattis_validator_may_end_its_process(string end)
    {
        var problem = await ValidatedAsync("import os, sys\ncode = 43 if int(open(sys.argv[1]).read()) % int(input()) else 42\n" + end);
        Assert.Equal([VerdictKind.Accepted, VerdictKind.WrongAnswer, VerdictKind.WrongAnswer],
            [await JudgeAsync(problem, "print(3)"), await JudgeAsync(problem, "print(5)"), await JudgeAsync(problem, "print('x')")]);
    }

    async Task<Problem> ValidatedAsync(string validator)
    {
        foreach (var (path, text) in ((string, string)[])[("problem.yaml", "name: D\nvalidation: custom\n"), ("problem_statement/problem.en.tex", "Any divisor."),
            ("data/sample/1.in", "12"), ("data/sample/1.ans", "4"), ("submissions/accepted/a.py", "print(3)"), ("output_validators/v.py", validator)])
            Write(text, "set/divisor/" + path);
        return (await ReadAsync(Path.Combine(folder, "set"))).ToSet()[0];
    }

    [Fact]
    public async Task A_Kattis_package_may_speak_another_language_and_its_tests_must_be_texts()
    {
        Write("name: A\n", "set/a/problem.yaml");
        Write("Skriv ut summan.", "set/a/problem_statement/problem.sv.tex");
        Write("1 2\n", "set/a/data/sample/1.in");
        Write("3\n", "set/a/data/sample/1.ans");
        var reading = await ReadAsync(Path.Combine(folder, "set"));
        Assert.Equal("Skriv ut summan.", reading.ToSet()["a"].Statement);
        foreach (var file in (string[])["problem_statement/problem.sv.tex", "data/sample/1.in"])
        {
            var path = Path.Combine(folder, "set", "a", file);
            var text = File.ReadAllText(path);
            File.WriteAllBytes(path, [(byte)'h', 0xE9, (byte)'j']);
            Assert.Contains($"{file}: not UTF-8", (await Assert.ThrowsAsync<ProblemFormatException>(() => ReadAsync(Path.Combine(folder, "set")))).Message, StringComparison.Ordinal);
            File.WriteAllText(path, text);
        }
    }

    [Theory]
    [InlineData("type: [pass-fail, interactive]\n")]
    [InlineData("type:\n  - pass-fail\n  - multi-pass\n")]
    [InlineData("type: submit-answer\n")]
    public async Task A_Kattis_package_since_2023_says_by_its_type_what_cannot_be_judged(string type)
    {
        Write("problem_format_version: 2023-07-draft\nname: I\n" + type, "i/problem.yaml");
        Assert.Equal("type", (await Assert.ThrowsAsync<ProblemFormatException>(() => ReadAsync(Path.Combine(folder, "i")))).Field);
    }

    [Theory]
    [InlineData("problem.yaml", "a", "problem.yaml")]
    [InlineData("data/secret/2.in", "2.in", "(file)")]
    [InlineData("data/secret/2.ans", "2.ans", "(file)")]
    public async Task A_file_that_a_Kattis_package_lacks_is_named(string lost, string file, string field)
    {
        foreach (var (path, text) in ((string, string)[])[("problem.yaml", "name: A\n"), ("problem_statement/problem.en.tex", "Print it."), ("data/sample/1.in", "1"), ("data/sample/1.ans", "1"),
            ("data/secret/2.in", "2"), ("data/secret/2.ans", "2")])
            Write(text, "set/a/" + path);
        File.Delete(Path.Combine(folder, "set", "a", lost));
        var fault = await Assert.ThrowsAsync<ProblemFormatException>(() => ReadAsync(Path.Combine(folder, "set")));
        Assert.Equal((file, field), (Path.GetFileName(fault.File), fault.Field));
    }

    // However it is laid out.
    [Theory]
    [InlineData("name: H\nlimits:\n  memory: 64\nvalidator_flags: float_tolerance 1e-2\n")]
    [InlineData("name: H\nlimits: {memory: 64}\nvalidator_flags:\n  float_tolerance 1e-2\n")]
    [InlineData("{name: H, limits: {memory: 64}, validator_flags: [float_tolerance, 1e-2]}\n")]
    [InlineData("name: &n H\nsource: *n\nlimits:\n  memory: \"64\"  # MiB\nvalidator_flags: >\n  float_tolerance\n  1e-2\n")]
    public async Task A_Kattis_package_s_settings_are_YAML(string yaml)
    {
        Write(yaml, "h/problem.yaml");
        Write("Halve.", "h/problem_statement/problem.en.tex");
        Write("1", "h/data/sample/1.in");
        Write("0.5", "h/data/sample/1.ans");
        var problem = (await ReadAsync(Path.Combine(folder, "h"))).ToSet()[0];
        Assert.Equal((new Tolerance(0.01, 0.01), 64L << 20), (problem.Tolerance, problem.Limits!.MemoryBytes));
    }

    // In its settings, or, as old ones, in a file of its own; the paper's ten seconds where it says nothing.
    [Theory]
    [InlineData("name: H\n", null, 10)]
    [InlineData("name: H\n", "3\n", 3)]
    [InlineData("problem_format_version: 2023-07\nlimits: {time_limit: 0.5}\n", null, 0.5)]
    public async Task A_Kattis_package_says_how_long_a_program_may_take(string yaml, string? seconds, double limit)
    {
        Write(yaml, "h/problem.yaml");
        Write("Halve.", "h/problem_statement/problem.en.tex");
        Write("1", "h/data/sample/1.in");
        Write("0.5", "h/data/sample/1.ans");
        if (seconds is not null)
            Write(seconds, "h/.timelimit");
        Assert.Equal(TimeSpan.FromSeconds(limit), (await ReadAsync(Path.Combine(folder, "h"))).ToSet()[0].Limits!.Cpu);
    }

    [Theory]
    [InlineData("name: [\n", "(file)")]
    [InlineData("- a\n", "(file)")]
    [InlineData("a: &a\n  b: *a\n", "(file)")]
    [InlineData("a: &a {x: 1, y: 1, z: 1}\nb: &b {x: *a, y: *a, z: *a}\nc: &c {x: *b, y: *b, z: *b}\nd: &d {x: *c, y: *c, z: *c}\ne: &e {x: *d, y: *d, z: *d}\nf: &f {x: *e, y: *e, z: *e}\ng: &g {x: *f, y: *f, z: *f}\nh: &h {x: *g, y: *g, z: *g}\ni: {x: *h, y: *h, z: *h}\n", "(file)")]
    [InlineData("limits: {memory: lots}\n", "limits.memory")]
    [InlineData("limits: {memory: -5}\n", "limits.memory")]
    [InlineData("problem_format_version: 2099-01\n", "problem_format_version")]
    [InlineData("type: scoring\n", "type")]
    [InlineData("type: [pass-fail, guessing]\n", "type")]
    [InlineData("validation: custom score\n", "validation")]
    [InlineData("validation: customized\n", "validation")]
    [InlineData("limits: {time_limit: soon}\n", "limits.time_limit")]
    public async Task What_a_Kattis_package_says_otherwise_is_refused_by_name(string yaml, string field)
    {
        Write(yaml, "i/problem.yaml");
        Write("Print it.", "i/problem_statement/problem.en.tex");
        Write("1", "i/data/sample/1.in");
        Write("1", "i/data/sample/1.ans");
        Assert.Equal(field, (await Assert.ThrowsAsync<ProblemFormatException>(() => ReadAsync(Path.Combine(folder, "i")))).Field);
    }

    [Fact]
    public async Task A_Kattis_package_since_2023_need_not_announce_its_validator()
    {
        foreach (var (path, text) in ((string, string)[])[("problem.yaml", "problem_format_version: 2023-07-draft\nname: D\ntype: pass-fail\n"), ("statement/problem.en.md", "Any divisor."),
            ("data/sample/1.in", "12"), ("data/sample/1.ans", "0"), ("data/secret/test_group.yaml", "output_validator_args: [above, 1]\n"), ("submissions/accepted/a.py", "print(3)"),
            ("output_validator/v.py", "import sys\nn=int(open(sys.argv[1]).read())\nd=int(sys.stdin.read())\nsys.exit(42 if n%d==0 and sys.argv[4:]==['above','1'] and d>1 else 43)")])
            Write(text, "d/" + path);
        var (reading, result) = await ValidateAsync(Path.Combine(folder, "d"));
        Assert.Equal((1, 1), (result.Problems, result.Accepted));
        Assert.Equal(VerdictKind.WrongAnswer, await JudgeAsync(reading.ToSet()["d"], "print(1)"));
        File.Delete(Path.Combine(folder, "d", "output_validator", "v.py"));
        Directory.Delete(Path.Combine(folder, "d", "output_validator"));
        Write("output_validator_args: [float_tolerance, 1e-1]\n", "d/data/secret/test_group.yaml");
        Assert.Equal(new Tolerance(0.1, 0.1), (await ReadAsync(Path.Combine(folder, "d"))).ToSet()["d"].Tolerance);
    }

    [Theory]
    [InlineData("data/secret/g1/testdata.yaml", "output_validator_flags: float_tolerance 1e-2\n", null)]
    [InlineData("data/sample/testdata.yaml", "output_validator_flags: float_tolerance 1e-2\n", "data/sample/1.in")]
    [InlineData("data/secret/g1/1.yaml", "output_validator_args: float_tolerance 1e-2\n", null)]
    [InlineData("data/secret/testdata.yaml", "output_validator_flags: float_tolerance 1e-2\n", null)]
    [InlineData("data/testdata.yaml", "output_validator_flags: float_tolerance 1e-2\n", null)]
    public async Task The_flags_of_a_Kattis_package_are_its_tests_own(string place, string flags, string? fault)
    {
        foreach (var (path, text) in ((string, string)[])[("problem.yaml", "name: D\n"), ("problem_statement/problem.en.tex", "Halve."), ("data/sample/1.in", "1"), ("data/sample/1.ans", "0.5"),
            ("data/secret/g1/1.in", "3"), ("data/secret/g1/1.ans", "1.5"), (place, flags)])
            Write(text, "d/" + path);
        if (fault is null)
            Assert.Equal(new Tolerance(0.01, 0.01), (await ReadAsync(Path.Combine(folder, "d"))).ToSet()[0].Tolerance);
        else
            Assert.EndsWith(fault, (await Assert.ThrowsAsync<ProblemFormatException>(() => ReadAsync(Path.Combine(folder, "d")))).File, StringComparison.Ordinal);
        Write("4", "d/data/secret/g2/1.in");
        Write("2", "d/data/secret/g2/1.ans");
        Write("output_validator_flags: case_sensitive\n", "d/data/secret/g2/testdata.yaml");
        Assert.EndsWith("g2/1.in", (await Assert.ThrowsAsync<ProblemFormatException>(() => ReadAsync(Path.Combine(folder, "d")))).File, StringComparison.Ordinal);
    }
}
