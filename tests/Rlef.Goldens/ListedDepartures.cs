namespace Rlef.Goldens;

/// <summary>Where we part from the public harnesses on purpose, file by file. docs/formats.md has the reasons.</summary>
static class ListedDepartures
{
    static readonly Departure packages = new("packages that the sandbox does not offer",
        c => c.OnlyTheirs && (c.Text("actual").Contains("np.", StringComparison.Ordinal) || c.Detail.Contains("No module named", StringComparison.Ordinal)
            || c.Detail.Contains("name 'np' is not defined", StringComparison.Ordinal)));

    static readonly Departure reals = new("real answers to 1e-6", c => c.OnlyOurs && (IsText(c) ? Answer.AreNear(c.Answers) : Answer.AreNearValues(c.Answers)));

    static readonly Departure tuples = new("tuples inside", c => c.OnlyOurs && c.Answers.Any(a => a.Actual.Contains("__tuple__", StringComparison.Ordinal)));

    static readonly Departure order = new("order and number of lines and tokens", c => c.OnlyTheirs && IsText(c) && Answer.AreSameSets(c.Answers[^1]));

    static readonly Departure whole = new("whole numbers as whole numbers", c => IsText(c) && Answer.HasWholePair(c.Answers[^1], equal: c.Ours));

    static readonly Departure beyond = new("numbers beyond 1e308", c => c.OnlyTheirs && IsText(c) && Answer.HasPairBeyondDouble(c.Answers[^1]));

    static readonly Departure digits = new("more than 4,300 digits", c => c.OnlyOurs && Answer.HasLongNumber(c.Answers[^1].Expected));

    static readonly Departure first = new("the first of several elements", c => c.OnlyTheirs && Answer.IsFirstOfSeveral(c.Answers[^1]));

    static readonly Departure dicts = new("dicts in a longer list", c => c.Answers.Any(a => Answer.BeginsWithDictOfSeveral(a.Expected)));

    static readonly Departure nul = new("text behind a NUL", c => c.OnlyTheirs && (c.Answers[^1].Expected + c.Answers[^1].Actual).Contains('\0'));

    static readonly Departure liars = new("objects that claim to be equal", c => c.OnlyTheirs && Source(c).Contains("__eq__", StringComparison.Ordinal));

    static readonly Departure sticky = new("the tolerance of an earlier test",
        c => c.OnlyTheirs && c.Row.GetProperty("flags").TryGetProperty("before", out _));

    static readonly Departure stretched = new("shapes that numpy stretches",
        c => c.OnlyTheirs && Answer.Shape(c.Text("expected")) != Answer.Shape(c.Text("actual")));

    static readonly Departure iterators = new("iterators where a set is asked for", c => c.OnlyTheirs && c.Answers[^1].Actual.Contains("__opaque__", StringComparison.Ordinal));

    static readonly Departure arguments = new("arguments that a program changes", c => c.OnlyTheirs && Source(c).Contains("xs.", StringComparison.Ordinal));

    static readonly Departure plain = new("right in a plain interpreter", c => c.OnlyOurs && c.Plain.Count > 0 && c.Plain.All(p => p == "pass"));

    static readonly Departure ends = new("an exit code, or no Python program",
        c => c.OnlyTheirs && c.Plain.Any(p => p.StartsWith("exit code", StringComparison.Ordinal))
            && (c.Detail.Contains("SystemExit", StringComparison.Ordinal) || c.Detail.StartsWith("CompileError", StringComparison.Ordinal)));

    static readonly Departure unwritten = new("a function that the program does not have",
        c => c.OnlyTheirs && c.Row.GetProperty("problem").TryGetProperty("fn_name", out var name) && !Source(c).Contains(name.GetString()!, StringComparison.Ordinal));

    static readonly Departure methods = new("a function for a method, or a method for a function",
        c => c.OnlyOurs && Source(c).Contains("class Solution", StringComparison.Ordinal));

    static readonly Departure modules = new("a module that is found by its name", c => c.OnlyOurs && Source(c).Contains("sys.modules[__name__]", StringComparison.Ordinal));

    static readonly Departure written = new("files of its own", c => c.OnlyOurs && Source(c).Contains("open(", StringComparison.Ordinal));

    static readonly Departure files = new("files of the machine", c => c.OnlyTheirs && Source(c).Contains("open(\"/", StringComparison.Ordinal));

    // MBPP's three assertions make a call each, and come first.
    static readonly Departure challenge = new("MBPP's challenge tests", c => c.OnlyTheirs && c.Answers.Count > 3);

    static readonly Departure cut = new("a response that was cut", c => c.OnlyTheirs && c.Text("response").Length > 0 && c.Answers.Count == 0);

    // What the file says of its own rows: they went by the time and the memory of the machine that they were run on.
    static readonly Departure limits = new("limits of time, memory and digits", c => c.OnlyOurs && c.Text("kind").EndsWith("limits", StringComparison.Ordinal));

    public static IReadOnlyList<Departure> LiveCodeBenchPairs { get; } = [packages, tuples, reals];

    public static IReadOnlyList<Departure> AppsPairs { get; } = [packages, tuples, reals, first, dicts, digits, order, whole, beyond];

    public static IReadOnlyList<Departure> CodeContestsPairs { get; } = [whole];

    public static IReadOnlyList<Departure> KattisPairs { get; } = [nul];

    public static IReadOnlyList<Departure> EvalPlusPairs { get; } = [packages, liars, arguments, sticky, iterators, stretched];

    public static IReadOnlyList<Departure> LiveCodeBenchPrograms { get; } = [packages, plain, limits, ends, unwritten, reals, methods];

    public static IReadOnlyList<Departure> AppsPrograms { get; } = [packages, plain, limits, ends, unwritten, reals, order, methods];

    public static IReadOnlyList<Departure> HumanEvalPrograms { get; } = [packages, liars, files, limits, modules];

    public static IReadOnlyList<Departure> EvalPlusPrograms { get; } = [packages, liars, arguments, limits, modules, methods, written];

    public static IReadOnlyList<Departure> MbppPrograms { get; } = [packages, liars, limits, challenge, cut, methods];

    // The formula with the row's share; whoever does not run to the end on some test has none, as in the file's losses.
    static readonly Departure shares = new("a share of passed tests beside an error",
        c => c.Row.GetProperty("inputs").GetProperty("outcome").GetString() is "syntax_error" or "runtime_error" && Rltf.HasAdaptive(c.Row));

    public static IReadOnlyList<Departure> RltfLevels { get; } = [shares];

    static bool IsText(GoldenCase golden) => golden.Text("mode") == "stdin";

    static string Source(GoldenCase golden) => ((string[])["actual", "program", "completion", "solution", "response"]).Select(golden.Text).FirstOrDefault(t => t.Length > 0, "");
}
