using System.Text;
using System.Text.RegularExpressions;
using Rlef.Execution;
using Rlef.Problems;

namespace Rlef.Dialogue;

/// <summary>Puts what the public tests showed into words.</summary>
public static partial class FeedbackMessage
{
    [GeneratedRegex(@"\{expected\}|\{observed\}")]
    private static partial Regex Outputs { get; }

    /// <summary>One entry for each failing test in order; passing tests are not mentioned.</summary>
    /// <param name="judgement">Verdicts on the public tests, or null if the response held no code.</param>
    public static string Compose(DialogueWording wording, Problem problem, Judgement? judgement)
    {
        if (judgement is null)
            return wording.NoCode + wording.TryAgain;
        var text = new StringBuilder(wording.FailedHeader);
        foreach (var verdict in judgement.Verdicts.Where(v => v.Kind != VerdictKind.Accepted))
            text.Append(wording.FailedTest.Replace("{input}", Clip(PythonValue.Show(problem, verdict.Test.Input), wording))).Append(Failure(wording, problem, verdict));
        return text.Append(wording.TryAgain).ToString();
    }

    static string Failure(DialogueWording wording, Problem problem, Verdict verdict) => verdict.Kind switch
    {
        VerdictKind.WrongAnswer => WrongAnswer(wording, PythonValue.Show(problem, verdict.Test.Output), PythonValue.Show(problem, verdict.Output)),
        VerdictKind.TimeLimit => wording.TimeLimit,
        VerdictKind.MemoryLimit => wording.MemoryLimit,
        VerdictKind.OutputLimit => wording.OutputLimit,
        VerdictKind.RuntimeError or VerdictKind.CompileError =>
            wording.Exception.Replace("{traceback}", Clip(Traceback(wording, verdict), wording)),
        _ => throw new ArgumentException($"A verdict of {verdict.Kind} is not the program's failure and makes no feedback."),
    };

    static string WrongAnswer(DialogueWording wording, string expected, string observed)
    {
        var (shown, other) = (Clip(expected, wording), Clip(observed, wording));
        // What differs in its last white space, or in what is left out, is shown from there.
        if (shown == other && expected != observed && wording.MaxFieldLength > 0)
        {
            var same = expected.AsSpan().CommonPrefixLength(observed);
            (shown, other) = (Around(expected, same, wording), Around(observed, same, wording));
        }
        // At once: an output may look like a place to fill in.
        return Outputs.Replace(wording.WrongAnswer, place => place.Value == "{expected}" ? shown : other);
    }

    static string Around(string text, int place, DialogueWording wording) => Excerpt.Of(text, wording.MaxFieldLength, place)
        .Replace("\r", "\\r", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal).Replace("\t", "\\t", StringComparison.Ordinal);

    static string Traceback(DialogueWording wording, Verdict verdict) => verdict.Error switch
    {
        null => "The program ended before its time.",
        var e when wording.LastTracebackLineOnly || e.Traceback.Length == 0 => $"{e.Type}: {e.Message}",
        var e => e.Traceback,
    };

    // The end of a text is kept too: the last line of a traceback says what happened.
    static string Clip(string text, DialogueWording wording)
    {
        text = text.TrimEnd();
        var max = wording.MaxFieldLength;
        return text.Length <= max ? text : $"{text[..Excerpt.Window(text, max * 2 / 3).End]} … {text[Excerpt.Window(text, max / 3, int.MaxValue).Start..]}";
    }
}
