using System.Text.Json.Nodes;
using Rlef.Execution;

namespace Rlef.Problems.Formats;

/// <summary>
/// Tests for sets that give test code instead of inputs and outputs: the code is played with the reference, each call of the entry point becomes a test, and
/// of values that differ from the reference's the code decides again. See <c>scripts.py</c>.
/// </summary>
static class ScriptedTests
{
    /// <param name="problem">Without tests; its reference, entry point, preamble and setup are what the code is played with.</param>
    /// <param name="scripts">Of several, the calls of the first make the public tests; of one, its first call.</param>
    /// <param name="byPosition">Whether arguments are handed over in the order in which the code writes them, whatever it calls them.</param>
    /// <param name="byStatement">Whether those tests are public whose arguments the statement shows.</param>
    public static ProblemDraft Draft(JsonRecord record, Problem problem, IEnumerable<string> scripts, bool byPosition = false, bool byStatement = false)
    {
        var spec = new JsonObject
        {
            ["reference"] = problem.Reference,
            ["entry"] = problem.EntryPoint,
            ["preamble"] = problem.Preamble ?? "",
            ["setup"] = problem.Setup ?? "",
            ["scripts"] = new JsonArray([.. scripts.Select(s => (JsonNode)s)]),
            ["by_position"] = byPosition,
        };
        if (byStatement)
            spec["statement"] = problem.Statement;
        var json = spec.ToJsonString();
        return new(record.File, record.Line, problem with { Comparison = Comparison.Exact, Checker = FormatScripts.With(FormatScripts.Scripts, ("SPEC", json)) },
            new(FormatScripts.Scripts, json));
    }
}
