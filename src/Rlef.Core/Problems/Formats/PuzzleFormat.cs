using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Rlef.Execution;

namespace Rlef.Problems.Formats;

/// <summary>
/// Python Programming Puzzles (Schuster et al. 2021): a function <c>sat</c> of which an argument is sought that makes it return True. Nothing is hidden: the one
/// test asks for the value of <c>sol()</c>, and <c>sat</c> judges it, in another process.
/// </summary>
sealed partial class PuzzleFormat : ProblemFormat
{
    // Some puzzles ask for integers of more digits than Python reads by default.
    const string Preamble = "import sys\nsys.set_int_max_str_digits(0)\nfrom typing import *\n";

    static readonly Limits TimeLimits = new(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(30), 1L << 30, 16 << 20);

    [GeneratedRegex(@"^(?<list>List\[)*(?:int|str|float|bool)(?<-list>\])*(?(list)(?!))$", RegexOptions.ExplicitCapture)]
    private static partial Regex AnswerType { get; }

    public override string Name => "p3";

    public override string IdField(JsonElement record) => "name";

    public override bool Recognises(JsonElement record) => Has(record, "name", "sat", "ans_type", "sol_header");

    public override ProblemDraft Read(JsonRecord record)
    {
        var (sat, type, header) = (record.RequiredText("sat"), record.RequiredText("ans_type"), record.RequiredText("sol_header").TrimEnd());
        if (!AnswerType.IsMatch(type))
            throw record.Fault("ans_type", $"int, str, float, bool or lists of these are expected, not '{type}'.");
        if (!sat.Contains("def sat(", StringComparison.Ordinal))
            throw record.Fault("sat", "it defines no function sat.");
        if (!header.StartsWith("def sol(", StringComparison.Ordinal) || !header.EndsWith(':'))
            throw record.Fault("sol_header", "the first line of a function sol is expected.");
        var (task, body) = (record.Text("sol_docstring") ?? "", record.Texts("sol_bodies").FirstOrDefault());
        // Not an answer: a dialogue shows what was expected.
        TestCase test = new("[]", JsonSerializer.Serialize($"an answer of type {type} for which sat(answer) is True"));
        return new(record.File, record.Line, new Problem
        {
            Id = record.Id("name"),
            Statement = $"Complete the function sol, so that sat(sol()) is True and sol() is of type {type}.\n\n{sat.TrimEnd()}\n\n{header}\n{task.TrimEnd()}\n",
            PublicTests = [test],
            PrivateTests = [test],
            Reference = body is null ? null : $"{header}\n{body}\n",
            EntryPoint = "sol",
            Preamble = Preamble + sat,
            Comparison = Comparison.Checker,
            Checker = FormatScripts.With(FormatScripts.Puzzle, ("SPEC", new JsonObject { ["sat"] = Preamble + sat, ["type"] = type }.ToJsonString())),
            Limits = TimeLimits,
        });
    }
}
