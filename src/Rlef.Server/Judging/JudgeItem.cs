using Rlef.Execution;
using Rlef.Problems;

namespace Rlef.Server;

/// <summary>A program, and what it is judged by: a problem of the server's set, or tests.</summary>
/// <param name="At">Its place in the request.</param>
/// <param name="Program">Python source.</param>
/// <param name="Response">A model's whole response instead, which holds the program in a code block.</param>
/// <param name="Problem">Id of a problem of the server's set.</param>
/// <param name="Tests">Tests instead.</param>
/// <param name="EntryPoint">With tests: the function to call; null for a program that reads standard input.</param>
/// <param name="Comparison">With tests: how outputs are compared; null for tokens, or values where there is an entry point.</param>
/// <param name="Limits">As they are asked for; null leaves them as they are.</param>
sealed record JudgeItem(string At, string? Program, string? Response, string? Problem, IReadOnlyList<TestCase>? Tests, string? EntryPoint, Comparison? Comparison, RequestFields? Limits)
{
    static readonly string Comparisons = string.Join(", ", Enum.GetValues<Comparison>().Where(c => c != Execution.Comparison.Checker)).ToLowerInvariant();

    /// <param name="mostTests">Tests that a request may bring for a program.</param>
    /// <exception cref="RequestFault">It has no such form.</exception>
    public static JudgeItem Read(RequestFields fields, string at, int mostTests)
    {
        var item = new JudgeItem(at, fields.Text("program"), fields.Text("response"), fields.Text("problem"), ReadTests(fields, mostTests),
            fields.Text("entry_point"), ReadComparison(fields), fields.Object("limits"));
        fields.RefuseOthers();
        return item;
    }

    static List<TestCase>? ReadTests(RequestFields fields, int most)
    {
        if (fields.List("tests") is not { } tests)
            return null;
        if (tests.Count == 0)
            throw RequestFields.Fault(fields.PathOf("tests"), "is empty; without a test nothing can be judged.");
        if (tests.Count > most)
            throw RequestFields.Fault(fields.PathOf("tests"), $"has {tests.Count}; this server takes {most} for a program.");
        return [.. tests.Select(t => ReadTest(RequestFields.Of(t.Value, t.At)))];
    }

    static TestCase ReadTest(RequestFields fields)
    {
        var test = new TestCase(fields.RequiredText("input"), fields.RequiredText("output"));
        fields.RefuseOthers();
        return test;
    }

    static Comparison? ReadComparison(RequestFields fields)
    {
        if (fields.Text("comparison") is not { } name)
            return null;
        // Of names in several words, records of a set take no other form, but clients may part them.
        return Enum.TryParse<Comparison>(name.Replace("_", "", StringComparison.Ordinal), ignoreCase: true, out var comparison) && name.All(c => char.IsAsciiLetter(c) || c == '_')
            && comparison != Execution.Comparison.Checker ? comparison
            : throw RequestFields.Fault(fields.PathOf("comparison"), name == "checker" ? $"takes {Comparisons}. A checker is part of a problem of the server's set." : $"takes {Comparisons}.");
    }
}
