using Rlef.Execution;
using Rlef.Problems;

namespace Rlef.Core.Tests.Problems;

/// <summary>Programs for rows of public sets that come without a reference, written for these tests: right ones are accepted, nearly right ones are not.</summary>
public sealed class PublicSolutionTests(Sandboxes sandboxes)
{
    Task<ProblemReading> ReadAsync(string name) => ProblemReader.ReadAsync(SharedData.Require(name), sandboxes.Local);

    async Task<VerdictKind> JudgeAsync(ProblemReading reading, string id, string program)
    {
        var problem = reading.Problems.Single(p => p.Problem.Id == id).Problem;
        return (await new EvaluationJudge(sandboxes.Local).JudgeAsync(program, problem, problem.AllTests)).Kind;
    }

    async Task AssertTellsApart(ProblemReading reading, string id, string right, string wrong)
    {
        Assert.Equal((id, VerdictKind.Accepted), (id, await JudgeAsync(reading, id, right)));
        Assert.Equal((id, VerdictKind.WrongAnswer), (id, await JudgeAsync(reading, id, wrong)));
    }

    [Fact]
    public async Task Calls_of_APPS_with_texts_numbers_booleans_and_lists()
    {
        var reading = await ReadAsync("apps/mapcoder_selected150.jsonl");
        // Rows that stand twice under one id are told, and nothing else is wrong.
        Assert.All(reading.Faults, f => Assert.Contains("already", f.Reason));
        Assert.Equal(150, reading.Records);
        foreach (var (id, right, wrong) in ((string, string, string)[])
        [
            ("4724", "def drop_cap(s):\n    return ' '.join(w.capitalize() if len(w) > 2 else w for w in s.split(' '))",
                "def drop_cap(s):\n    return ' '.join(w.capitalize() if len(w) > 2 else w for w in s.split())"),
            ("4468", "def simplify(n):\n    d = str(n)\n    return '+'.join(c if i == len(d) - 1 else c + '*1' + '0' * (len(d) - 1 - i) for i, c in enumerate(d) if c != '0')",
                "def simplify(n):\n    d = str(n)\n    return '+'.join(c + '*1' + '0' * (len(d) - 1 - i) for i, c in enumerate(d) if c != '0')"),
            ("4465", "def super_size(n):\n    return int(''.join(sorted(str(n), reverse=True)))", "def super_size(n):\n    return ''.join(sorted(str(n), reverse=True))"),
            ("3045", "def elevator(left, right, call):\n    return 'left' if abs(left - call) < abs(right - call) else 'right'",
                "def elevator(left, right, call):\n    return 'left' if abs(left - call) <= abs(right - call) else 'right'"),
            ("4276", "def solution(n):\n    return math.floor(n * 2 + 0.5) / 2", "def solution(n):\n    return round(n)"),
            ("2882", "def cumulative_triangle(n):\n    return n * (n * n + 1) // 2", "def cumulative_triangle(n):\n    return n * (n * n + 1) / 2 + 1e-3"),
            ("4440", "def validate_pin(pin):\n    return len(pin) in (4, 6) and all(c in '0123456789' for c in pin)", "def validate_pin(pin):\n    return len(pin) in (4, 6)"),
            ("4335", "def anagrams(word, words):\n    return [w for w in words if sorted(w) == sorted(word)]", "def anagrams(word, words):\n    return [w for w in words if set(w) == set(word)]"),
            ("3512", "def last_fib_digit(n):\n    a, b = 0, 1\n    for _ in range(n % 60):\n        a, b = b, (a + b) % 10\n    return a", "def last_fib_digit(n):\n    return n % 10"),
            ("3292", "def calc(x):\n    return 6 * ''.join(str(ord(c)) for c in x).count('7')", "def calc(x):\n    return 6 * len(x)"),
            ("4515", "def diff(arr):\n    gaps = [abs(int(p.split('-')[0]) - int(p.split('-')[1])) for p in arr]\n    return arr[gaps.index(max(gaps))] if gaps and max(gaps) else False",
                "def diff(arr):\n    gaps = [abs(int(p.split('-')[0]) - int(p.split('-')[1])) for p in arr]\n    return arr[gaps.index(max(gaps))] if gaps else False"),
        ])
            await AssertTellsApart(reading, id, right, wrong);
    }

    [Fact]
    public async Task Lines_of_LiveCodeBench_with_packed_private_tests() =>
        await AssertTellsApart(await ReadAsync("livecodebench/lcb_hf_format_1873A.jsonl"), "1873_A",
            "for _ in range(int(input())):\n    print('NO' if input() in ('bca', 'cab') else 'YES')",
            "for _ in range(int(input())):\n    print('NO' if input() == 'bca' else 'YES')");

    [Fact]
    public async Task Kattis_packages_with_and_without_a_tolerance()
    {
        var reading = await ReadAsync("kattis-icpc");
        const string Brew = """
            n, p = input().split()
            total, sides = 0.0, ([], [])
            for _ in range(int(n)):
                c, q = input().split()
                gap = (round(float(q) * 1000) - round(float(p) * 1000)) / 1000
                if gap == 0:
                    total += int(c)
                else:
                    sides[gap > 0].append((abs(gap), int(c)))
            budget = min(sum(g * c for g, c in side) for side in sides)
            for side in sides:
                left = budget
                for gap, c in sorted(side):
                    used = min(c, left / gap)
                    total += used
                    left -= used * gap
            print(total * FACTOR)
            """;
        await AssertTellsApart(reading, "basicbrewing", Brew.Replace("FACTOR", "(1 + 5e-5)"), Brew.Replace("FACTOR", "(1 + 2e-4)"));
        const string Cells = """
            n, m = map(int, input().split())
            f = [[[int(input()) for _ in range(m)] for _ in range(m)] for _ in range(m)]
            s = list(map(int, input().split()))
            reach = [[1 << (x * m + y) for y in range(m)] for x in range(m)]
            for want in s[1:] + s[:1]:
                after = [[0] * m for _ in range(m)]
                for x in range(m):
                    for y in range(m):
                        for z in range(m):
                            if f[x][y][z] == want:
                                after[y][z] |= reach[x][y]
                reach = after
            print('yes' if any(reach[x][y] >> (x * m + y) & 1 for x in range(m) for y in range(m)) else 'no')
            """;
        await AssertTellsApart(reading, "indexcase", Cells, Cells.Replace(" >> (x * m + y) & 1", ""));
    }
}
