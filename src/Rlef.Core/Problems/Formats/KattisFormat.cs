using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Rlef.Execution;

namespace Rlef.Problems.Formats;

/// <summary>
/// Kattis problem packages: <c>problem.yaml</c>, <c>data/sample</c> (public) and <c>data/secret</c> (private), accepted submissions. The default
/// validator compares tokens without regard to case, unless its flags say otherwise; a validator of the package's own must be one Python file.
/// </summary>
sealed class KattisFormat : ProblemFormat
{
    public override string Name => "kattis";

    public override bool Recognises(string folder) => File.Exists(Path.Combine(folder, "problem.yaml")) || Directory.Exists(Path.Combine(folder, "data", "secret"));

    public override ProblemDraft Read(string folder)
    {
        var file = Path.Combine(folder, "problem.yaml");
        if (!File.Exists(file))
            throw new ProblemFormatException(folder, 1, "problem.yaml", "missing; it says how the problem is judged.");
        var yaml = PackageYaml.Read(file);
        // Since 2023 the type says what a problem asks for, and a validator of the package's own need not be announced.
        var isLegacy = yaml.GetValueOrDefault("problem_format_version") is not { } version || version.StartsWith("legacy", StringComparison.Ordinal);
        if (!isLegacy && !Known.Any(known => yaml["problem_format_version"].StartsWith(known, StringComparison.Ordinal)))
            throw new ProblemFormatException(file, 1, "problem_format_version", $"'{yaml["problem_format_version"]}' is not known: legacy, {string.Join(" and ", Known)} are.");
        var custom = isLegacy ? Words(yaml.GetValueOrDefault("validation")) is ["custom", ..] : Directory.Exists(Path.Combine(folder, "output_validator"));
        foreach (var (field, known) in ((string, string[])[])[("validation", ["default", "custom"]), ("type", ["pass-fail"])])
            if (Words(yaml.GetValueOrDefault(field)).FirstOrDefault(word => !known.Contains(word)) is { } other)
                throw new ProblemFormatException(file, 1, field, Beyond.Contains(other)
                    ? $"{other} problems cannot be judged by stdin and stdout."
                    : $"'{other}' is not known: {string.Join(" and ", known)} are.");
        var flags = Flags(folder, yaml);
        var (visible, hidden) = TestSplit.Of(Tests(folder, "sample"), Tests(folder, "secret"));
        if (visible.IsEmpty)
            throw new ProblemFormatException(Path.Combine(folder, "data"), 1, "secret", "no .in files; without a test nothing can be judged.");
        var problem = new Problem
        {
            Id = ProblemFile.NameOf(folder),
            Statement = Statement(folder),
            PublicTests = visible,
            PrivateTests = hidden,
            Reference = Submission(folder),
            Limits = LimitsOf(folder, file, yaml),
        };
        return new(file, 1, custom
            ? problem with { Comparison = Comparison.Checker, Checker = Validator(folder, file, flags) }
            : Default(problem, file, flags));
    }

    static readonly string[] Beyond = ["interactive", "multi-pass", "submit-answer", "scoring", "score"], Known = ["2023-07", "2025-09"];

    static string[] Words(string? text) => text?.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries) ?? [];

    static Problem Default(Problem problem, string file, string[] flags)
    {
        var (absolute, relative, ignoreCase, spaceSensitive) = ((double?)null, (double?)null, true, false);
        for (var i = 0; i < flags.Length; i++)
            switch (flags[i])
            {
                case "case_sensitive":
                    ignoreCase = false;
                    break;
                case "space_change_sensitive":
                    spaceSensitive = true;
                    break;
                case "float_tolerance":
                    absolute = relative = Value(i++);
                    break;
                case "float_absolute_tolerance":
                    absolute = Value(i++);
                    break;
                case "float_relative_tolerance":
                    relative = Value(i++);
                    break;
                default:
                    throw new ProblemFormatException(file, 1, "validator_flags", $"'{flags[i]}' is no flag of the default validator.");
            }
        return problem with
        {
            Comparison = Comparison.Kattis,
            Tolerance = absolute is null && relative is null ? null : new(absolute ?? 0, relative ?? 0),
            IgnoreCase = ignoreCase,
            SpaceSensitive = spaceSensitive,
        };

        double Value(int at) => at + 1 < flags.Length && double.TryParse(flags[at + 1], NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value >= 0
            ? value
            : throw new ProblemFormatException(file, 1, "validator_flags", $"a number is expected after {flags[at]}.");
    }

    // Every test has the flags of its own file, or else those of the closest folder that has any. A problem is compared by one rule: where tests differ in
    // theirs, it is at fault. Samples that have none go with the others.
    static string[] Flags(string folder, Dictionary<string, string> yaml)
    {
        var data = Path.Combine(folder, "data");
        string[] secret = [.. Inputs(Path.Combine(data, "secret"))];
        if (secret is [])
            secret = [Path.Combine(data, "secret", "none.in")];   // the folder's own are the samples' then
        var own = secret.Concat(Inputs(Path.Combine(data, "sample")).Where(input => OwnFlags(data, input) is not null))
            .Select(input => (Input: input, Flags: Words(OwnFlags(data, input) ?? yaml.GetValueOrDefault("validator_flags")))).ToList();
        if (own.FirstOrDefault(test => !test.Flags.SequenceEqual(own[0].Flags)) is { Input: not null } other)
            throw new ProblemFormatException(other.Input, 1, "output_validator_flags",
                $"'{string.Join(' ', other.Flags)}', and of {Path.GetRelativePath(folder, own[0].Input)} '{string.Join(' ', own[0].Flags)}': the tests of a problem are compared by one rule.");
        return own[0].Flags;
    }

    static string? OwnFlags(string data, string input)
    {
        List<(string File, string Field)> places = [(Path.ChangeExtension(input, ".yaml"), "output_validator_args")];
        for (var at = Path.GetDirectoryName(input)!; at.Length >= data.Length; at = Path.GetDirectoryName(at)!)
            places.AddRange([(Path.Combine(at, "test_group.yaml"), "output_validator_args"), (Path.Combine(at, "testdata.yaml"), "output_validator_flags")]);
        return places.Where(place => File.Exists(place.File)).Select(place => PackageYaml.Read(place.File).GetValueOrDefault(place.Field)).FirstOrDefault(flags => flags is not null);
    }

    static IEnumerable<string> Inputs(string root) => Files(root, "*.in");

    static IEnumerable<string> Files(string root, string pattern) =>
        Directory.Exists(root) ? Directory.EnumerateFiles(root, pattern, SearchOption.AllDirectories).Order(StringComparer.Ordinal) : [];

    // A legacy package has its seconds in a file of their own, if it says any.
    static Limits LimitsOf(string folder, string file, Dictionary<string, string> yaml)
    {
        var seconds = Path.Combine(folder, ".timelimit");
        var time = Number(file, "limits.time_limit", yaml.GetValueOrDefault("limits.time_limit"), 0.001, 3600, "seconds")
            ?? (File.Exists(seconds) ? Number(seconds, ProblemFault.WholeFile, PackageText.Read(seconds).Trim(), 0.001, 3600, "seconds") : null);
        var usual = Limits.CodeContests;
        return usual with
        {
            Cpu = time is { } cpu ? TimeSpan.FromSeconds(cpu) : usual.Cpu,
            Wall = time is { } wall ? TimeSpan.FromSeconds(3 * wall) : usual.Wall,
            MemoryBytes = (long)(MiB("limits.memory") ?? 1024) << 20,
            OutputBytes = (int)Math.Min(MiB("limits.output") ?? 16, 64) << 20,
        };

        double? MiB(string key) => Number(file, key, yaml.GetValueOrDefault(key), 1, 1 << 20, "MiB");
    }

    static double? Number(string file, string key, string? text, double least, double most, string unit) => text is null ? null
        : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most ? number
        : throw new ProblemFormatException(file, 1, key, $"a number of {unit} is expected, not '{text}'.");

    static ImmutableArray<TestCase> Tests(string folder, string part)
    {
        var root = Path.Combine(folder, "data", part);
        if (Files(root, "*.ans").FirstOrDefault(answer => !File.Exists(Path.ChangeExtension(answer, ".in"))) is { } orphan)
            throw new ProblemFormatException(Path.ChangeExtension(orphan, ".in"), 1, ProblemFault.WholeFile, "missing; every .ans needs its .in.");
        return [.. Inputs(root).Select(input =>
        {
            var answer = Path.ChangeExtension(input, ".ans");
            return File.Exists(answer)
                ? new TestCase(PackageText.Exact(input), PackageText.Exact(answer))
                : throw new ProblemFormatException(answer, 1, ProblemFault.WholeFile, "missing; every .in needs its .ans.");
        })];
    }

    static string Statement(string folder)
    {
        string[] names = ["problem.en.tex", "problem.en.md", "problem.tex", "problem.md"];
        foreach (var part in (string[])["problem_statement", "statement"])
            foreach (var name in names)
                if (Path.Combine(folder, part, name) is var path && File.Exists(path))
                    return PackageText.Read(path);
        foreach (var part in (string[])["problem_statement", "statement"])
            if (Path.Combine(folder, part) is var statements && Directory.Exists(statements)
                && Directory.EnumerateFiles(statements, "problem.*").Where(f => Path.GetExtension(f) is ".tex" or ".md").Order(StringComparer.Ordinal).FirstOrDefault() is { } other)
                return PackageText.Read(other);
        throw new ProblemFormatException(folder, 1, "problem_statement", $"missing; one of {string.Join(", ", names)} is expected, or one in another language.");
    }

    static string? Submission(string folder) =>
        Path.Combine(folder, "submissions", "accepted") is var accepted && Directory.Exists(accepted)
            && Directory.EnumerateFiles(accepted, "*.py", SearchOption.AllDirectories).Order(StringComparer.Ordinal).FirstOrDefault() is { } file
            ? PackageText.Read(file)
            : null;

    static string Validator(string folder, string file, string[] flags)
    {
        string[] found = [.. ((string[])["output_validators", "output_validator"]).Select(p => Path.Combine(folder, p)).Where(Directory.Exists)
            .SelectMany(p => Directory.EnumerateFiles(p, "*", SearchOption.AllDirectories))];
        return found switch
        {
            [var only] when only.EndsWith(".py", StringComparison.Ordinal) => FormatScripts.With(FormatScripts.Kattis,
                ("VALIDATOR", JsonSerializer.Serialize(PackageText.Read(only))), ("FLAGS", JsonSerializer.Serialize(flags))),
            [] => throw new ProblemFormatException(file, 1, "validation", "custom, but the package has no output_validators: nothing can decide about an output."),
            _ => throw new ProblemFormatException(file, 1, "validation",
                $"a validator of one Python file can be run, not {string.Join(", ", found.Select(f => Path.GetFileName(f)))}."),
        };
    }
}
