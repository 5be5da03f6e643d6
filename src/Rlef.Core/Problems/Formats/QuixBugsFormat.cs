using System.Text.Json;
using System.Text.RegularExpressions;
using Rlef.Execution;

namespace Rlef.Problems.Formats;

/// <summary>
/// QuixBugs (Lin et al. 2017) as records: a classic algorithm with a wrong line, which becomes the draft, its docstring, and test code. Classes of the test code,
/// such as the nodes of a graph, are given to every program.
/// </summary>
sealed partial class QuixBugsFormat : ProblemFormat
{
    // A class at the left margin, to the last line that is indented.
    [GeneratedRegex(@"^class \w+.*\n(?:(?:[ \t].*)?\n)*", RegexOptions.Multiline)]
    private static partial Regex Class { get; }

    public override string Name => "quixbugs";

    public override string IdField(JsonElement record) => "name";

    public override bool Recognises(JsonElement record) => Has(record, "name", "buggy_program", "solution", "tests");

    public override ProblemDraft Read(JsonRecord record)
    {
        var (name, solution, tests) = (record.Id("name"), record.RequiredText("solution", "tests are made by running it."), record.RequiredText("tests"));
        var signature = Regex.Match(solution, $@"^def {Regex.Escape(name)}\s*\([^:]*\)[^:]*:", RegexOptions.Multiline);
        if (!signature.Success)
            throw record.Fault("solution", $"it defines no function '{name}'.");
        var classes = string.Concat(Class.Matches(tests + "\n").Select(m => m.Value));
        return ScriptedTests.Draft(record, new Problem
        {
            Id = name,
            Statement = $"{record.RequiredText("docstring").Trim().Trim('"').Trim()}\n\n{signature.Value}\n",
            PublicTests = [],
            PrivateTests = [],
            Reference = solution,
            Draft = record.RequiredText("buggy_program"),
            EntryPoint = name,
            Preamble = classes.Length > 0 ? classes : null,
            Limits = Limits.CodeContests,   // One reference takes two seconds.
        }, [tests]);
    }
}
