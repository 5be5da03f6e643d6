namespace Rlef.Problems.Nano;

/// <summary>
/// One step on the list <c>a</c>, or the final that prints. It is known in three forms that are checked against each other: English, Python, and C#.
/// </summary>
/// <param name="Kind">Name in composition keys.</param>
/// <param name="Words">The sentence; <c>{k}</c> is the constant.</param>
/// <param name="Code">A line of Python for a step, an expression for a final, in the first reading.</param>
/// <param name="Apply">Result from list and constant in the first reading; null where it is not defined, such as the maximum of nothing.</param>
/// <param name="Other">The second reading, for an operation with an ambiguous word.</param>
/// <param name="Constants">Values that the constant may take.</param>
/// <param name="IsScalar">Whether a final prints one number instead of the list.</param>
public sealed record NanoOperation(string Kind, string Words, string Code, Func<int[], int, int[]?> Apply, NanoOperation.Reading? Other = null,
    int[]? Constants = null, bool IsScalar = false)
{
    /// <summary>The second reading, and the words that tell the two apart when the statement is explicit.</summary>
    public sealed record Reading(string FirstClause, string SecondClause, string Code, Func<int[], int, int[]?> Apply);

    public bool IsAmbiguous => Other is not null;

    /// <summary>Steps that change the list.</summary>
    public static IReadOnlyList<NanoOperation> Steps { get; } =
    [
        Keep("even", "Keep the even ones", "x%2==0", (x, _) => x % 2 == 0),
        Keep("odd", "Keep the odd ones", "x%2==1", (x, _) => x % 2 != 0),
        Keep("positive", "Keep the positive ones", "x>0", (x, _) => x > 0),
        Keep("negative", "Keep the negative ones", "x<0", (x, _) => x < 0),
        Keep("multiples", "Keep the multiples of {k}", "x%{k}==0", (x, k) => x % k == 0, [3, 4, 5]),
        Each("double", "Double each", "x*2", (x, _) => x * 2),
        Each("square", "Square each", "x*x", (x, _) => x * x),
        Each("add", "Add {k} to each", "x+{k}", (x, k) => x + k, [1, 2, 3, 5, 7]),
        Each("subtract", "Subtract {k} from each", "x-{k}", (x, k) => x - k, [1, 2, 3, 5, 7]),
        Each("negate", "Negate each", "-x", (x, _) => -x),
        Each("absolute", "Take the absolute value of each", "abs(x)", (x, _) => Math.Abs(x)),
        Each("remainder", "Take each modulo {k}", "x%{k}", (x, k) => (x % k + k) % k, [3, 4, 5, 7]),
        new("reverse", "Reverse the list", "a=a[::-1]", (a, _) => [.. a.Reverse()]),
        new("first", "Take the first {k}", "a=a[:{k}]", (a, k) => [.. a.Take(k)], Constants: [2, 3, 4]),
        new("last", "Take the last {k}", "a=a[-{k}:]", (a, k) => [.. a.TakeLast(k)], Constants: [2, 3, 4]),
        new("sums", "Replace each by the sum up to it", "a=[sum(a[:i+1]) for i in range(len(a))]", (a, _) => [.. a.Select((_, i) => a.Take(i + 1).Sum())]),
        new("steps", "Take the differences of neighbours", "a=[y-x for x,y in zip(a,a[1:])]", (a, _) => [.. a.Skip(1).Zip(a, (y, x) => y - x)]),
        new("sort", "Sort them", "a.sort()", (a, _) => [.. a.Order()],
            new("in ascending order", "in descending order", "a.sort(reverse=True)", (a, _) => [.. a.OrderDescending()])),
        new("above", "Keep those above {k}", "a=[x for x in a if x>{k}]", (a, k) => [.. a.Where(x => x > k)],
            new("not equal to it", "or equal to it", "a=[x for x in a if x>={k}]", (a, k) => [.. a.Where(x => x >= k)]), [0, 2, 3, 5]),
        new("from", "Start at position {k}", "a=a[{k}:]", (a, k) => [.. a.Skip(k)],
            new("counting from zero", "counting from one", "a=a[{k}-1:]", (a, k) => [.. a.Skip(k - 1)]), [1, 2, 3]),
        new("distinct", "Drop repeated ones", "a=list(dict.fromkeys(a))", (a, _) => [.. a.Distinct()],
            new("keeping their order", "and sort", "a=sorted(set(a))", (a, _) => [.. a.Distinct().Order()])),
        new("halve", "Halve each", "a=[x//2 for x in a]", (a, _) => [.. a.Select(x => (int)Math.Floor(x / 2.0))],
            new("rounding down", "rounding towards zero", "a=[int(x/2) for x in a]", (a, _) => [.. a.Select(x => x / 2)])),
    ];

    /// <summary>Finals that print.</summary>
    public static IReadOnlyList<NanoOperation> Finals { get; } =
    [
        new("list", "Print them", "a", (a, _) => a.Length == 0 ? null : a),
        Number("sum", "Print the sum", "sum(a)", a => a.Sum()),
        Number("count", "Print how many are left", "len(a)", a => a.Length),
        Number("smallest", "Print the smallest", "min(a)", a => a.Length == 0 ? null : a.Min()),
        Number("tail", "Print the last one", "a[-1]", a => a.Length == 0 ? null : a[^1]),
        Number("biggest", "Print the biggest", "max(a)", a => a.Length == 0 ? null : a.Max(),
            new("by value", "by absolute value", "max(a,key=abs)", (a, _) => a.Length == 0 ? null : [a.MaxBy(Math.Abs)])),
        Number("difference", "Print the difference of first and last", "a[0]-a[-1]", a => a.Length == 0 ? null : a[0] - a[^1],
            new("with its sign", "without sign", "abs(a[0]-a[-1])", (a, _) => a.Length == 0 ? null : [Math.Abs(a[0] - a[^1])])),
    ];

    static NanoOperation Keep(string kind, string words, string condition, Func<int, int, bool> keep, int[]? constants = null) =>
        new(kind, words, $"a=[x for x in a if {condition}]", (a, k) => [.. a.Where(x => keep(x, k))], Constants: constants);

    static NanoOperation Each(string kind, string words, string expression, Func<int, int, int> map, int[]? constants = null) =>
        new(kind, words, $"a=[{expression} for x in a]", (a, k) => [.. a.Select(x => map(x, k))], Constants: constants);

    static NanoOperation Number(string kind, string words, string expression, Func<int[], int?> value, Reading? other = null) =>
        new(kind, words, expression, (a, _) => value(a) is { } v ? [v] : null, other, IsScalar: true);
}
