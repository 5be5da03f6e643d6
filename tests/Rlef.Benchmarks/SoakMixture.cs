using System.Collections.Immutable;
using Rlef.Core.Tests.Execution;
using Rlef.Execution;
using Rlef.Problems;

namespace Rlef.Benchmarks;

/// <summary>
/// Programs whose verdicts are known before they are judged: 5 % from the table of attacks, 5 % from the table of edges, and the rest written from
/// templates with numbers of their own. A program is the same for the same seed and number.
/// </summary>
sealed class SoakMixture(int seed)
{
    // What an endless loop costs, and what a sleeper costs. Elsewhere the wall clock leaves room for a busy machine.
    static readonly TimeSpan processorTime = TimeSpan.FromSeconds(0.6), sleep = TimeSpan.FromSeconds(3), patience = TimeSpan.FromMinutes(2);
    static readonly ImmutableArray<TestCase> TableTest = [new("3 4\n", "7\n")];

    public sealed record Entry(string Name, bool Hostile, string Program, Problem Problem, Isolation Isolation, VerdictKind Expected);

    public Entry this[int number]
    {
        get
        {
            var random = new Random(HashCode.Combine(seed, number));
            var share = random.Next(100);
            if (share < 10)
            {
                var rows = share < 5 ? VerdictTable.Attacks : VerdictTable.Rows;
                var (name, program, expected) = rows[random.Next(rows.Count)];
                return new(name, share < 5, program, Problem(TableTest, expected), Isolation.PerTest, expected);
            }
            var isolation = random.Next(2) == 0 ? Isolation.PerTest : Isolation.PerProgram;
            var (title, source, tests, entry, verdict) = Template(random);
            return new(title, false, source, Problem(tests, verdict) with { EntryPoint = entry, Comparison = entry is null ? Execution.Comparison.Tokens : Execution.Comparison.Equality }, isolation, verdict);
        }
    }

    static Problem Problem(ImmutableArray<TestCase> tests, VerdictKind expected) => new()
    {
        Id = "soak",
        Statement = "",
        PublicTests = tests,
        PrivateTests = tests,
        Limits = Limits.Default with { Cpu = processorTime, Wall = expected == VerdictKind.TimeLimit ? sleep : patience },
    };

    static (string, string, ImmutableArray<TestCase>, string?, VerdictKind) Template(Random random)
    {
        var (factor, shift) = (random.Next(2, 1000), random.Next(1000));
        var count = random.Next(1, 9);
        var numbers = Enumerable.Range(0, count).Select(_ => Enumerable.Range(0, random.Next(1, 12)).Select(_ => random.Next(-10_000, 10_000)).ToArray()).ToArray();
        ImmutableArray<TestCase> sums = [.. numbers.Select(n => new TestCase($"{string.Join(' ', n)}\n", $"{n.Sum() * (long)factor + shift}\n"))];
        ImmutableArray<TestCase> sorted = [.. numbers.Select(n => new TestCase($"{n.Length}\n{string.Join('\n', n)}\n", string.Join(' ', n.Order()) + "\n"))];
        ImmutableArray<TestCase> calls = [.. numbers.Select(n => new TestCase($"[[{string.Join(", ", n)}], {factor}]", $"[{string.Join(", ", n.Select(x => (long)x * factor))}]"))];
        var sum = $"values = [int(x) for x in input().split()]\nprint(sum(values) * {factor} + {shift})\n";
        return random.Next(100) switch
        {
            < 25 => ("right sum", sum, sums, null, VerdictKind.Accepted),
            < 40 => ("right sort", $"import sys\ndata = sys.stdin.read().split()\nnumber_{shift} = int(data[0])\nprint(*sorted(map(int, data[1:number_{shift} + 1])))\n", sorted, null, VerdictKind.Accepted),
            < 55 => ("right call", $"from typing import List\ndef scale(items: List[int], factor: int) -> List[int]:\n    return [item * factor for item in items]  # {shift}\n", calls, "scale", VerdictKind.Accepted),
            < 70 => ("wrong sum", sum.Replace($"+ {shift}", $"+ {shift + 1}", StringComparison.Ordinal), sums, null, VerdictKind.WrongAnswer),
            < 75 => ("wrong call", $"def scale(items, factor):\n    return tuple(item * factor for item in items)  # {shift}\n", calls, "scale", VerdictKind.WrongAnswer),
            < 84 => ("exception", $"values = input().split()\nprint(values[{factor + 20}])\n", sums, null, VerdictKind.RuntimeError),
            < 90 => ("syntax error", $"values = [int(x) for x in input().split()\nprint(sum(values) * {factor})\n", sums, null, VerdictKind.CompileError),
            < 95 => ("leaves by exit", $"import sys\n{sum}sys.exit(0)\n", sums, null, VerdictKind.Accepted),
            < 97 => ("too much output", $"while True: print('{factor}' * {shift + 100})\n", sums, null, VerdictKind.OutputLimit),
            < 99 => ("too much memory", $"x = bytearray({factor + 300} << 20)\n", sums, null, VerdictKind.MemoryLimit),
            _ when random.Next(4) == 0 => ("endless loop", $"n = {shift}\nwhile True: n += 1\n", sums, null, VerdictKind.TimeLimit),
            _ => ("kept output", $"import io, sys, atexit\nout = sys.stdout = io.StringIO()\natexit.register(lambda: sys.__stdout__.write(out.getvalue()))\n{sum}", sums, null, VerdictKind.Accepted),
        };
    }
}
