using System.Text.Json;
using Rlef.Execution;
using Rlef.Problems;

namespace Rlef.Evaluation.Samples;

/// <summary>Why a sample was not accepted: the first test that it failed. Texts are excerpts of at most 400 characters.</summary>
/// <param name="Test">Which test, such as <c>private_tests[3]</c>.</param>
/// <param name="Expected">The expected output or value, from shortly before the place where it differs.</param>
/// <param name="Got">What came instead.</param>
/// <param name="Error">The last lines of the traceback or, without one, what is known; null for a wrong answer.</param>
public sealed record SampleFailure(VerdictKind Verdict, string Test, string Input, string Expected, string Got, string? Error)
{
    const int Longest = 400;

    internal static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Converters = { new System.Text.Json.Serialization.JsonStringEnumConverter<VerdictKind>() },
    };

    /// <summary>Null for an accepted program.</summary>
    public static SampleFailure? Of(Problem problem, Judgement judgement)
    {
        if (judgement.Verdicts.FirstOrDefault(v => v.Kind != VerdictKind.Accepted) is not { } verdict)
            return null;
        var (expected, got) = (PythonValue.Show(problem, verdict.Test.Output), PythonValue.Show(problem, verdict.Output));
        var place = verdict.Kind == VerdictKind.WrongAnswer ? OutputDifference.Find(problem, expected, got) : null;
        return new(verdict.Kind, ProblemSetValidator.TestName(problem, judgement.Verdicts.IndexOf(verdict)), Excerpt.Of(PythonValue.Show(problem, verdict.Test.Input), Longest),
            Excerpt.Of(expected, Longest, place?.Expected.Start ?? 0), Excerpt.Of(got, Longest, place?.Actual.Start ?? 0), Message(verdict.Error));
    }

    static string? Message(ProgramError? error) => error switch
    {
        null => null,
        { Traceback.Length: > 0 } => Excerpt.Of(error.Traceback.TrimEnd(), Longest, int.MaxValue),
        { Message.Length: > 0 } => Excerpt.Of($"{error.Type}: {error.Message}", Longest),
        _ => error.Type.Length > 0 ? error.Type : null,
    };
}
