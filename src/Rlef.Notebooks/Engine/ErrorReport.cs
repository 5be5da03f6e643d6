using System.Diagnostics;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;

namespace Rlef.Notebooks.Engine;

/// <summary>Turns what the compiler or a cell threw into a report that names the cell and the line and shows the source.</summary>
internal sealed partial class ErrorReport(string cellName, string source)
{
    private readonly string[] _lines = source.Split('\n');

    public CellError OfDiagnostics(IEnumerable<Diagnostic> diagnostics)
    {
        var errors = diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)
            .OrderBy(diagnostic => diagnostic.Location.SourceSpan.Start).ToList();
        var traceback = new List<string>();
        foreach (var error in errors)
        {
            var position = error.Location.GetLineSpan().StartLinePosition;
            traceback.Add($"{cellName}, line {position.Line + 1}, column {position.Character + 1}: {error.Id}: {error.GetMessage()}");
            traceback.AddRange(Excerpt(position.Line + 1, position.Character));
        }
        return new CellError("CompileError", $"{errors[0].Id}: {errors[0].GetMessage()}",
            errors[0].Location.GetLineSpan().StartLinePosition.Line + 1, traceback);
    }

    public CellError OfException(Exception exception)
    {
        var line = LineOf(exception);
        var name = TypeName(exception);
        var traceback = new List<string> { $"{Place(line)}: {name}: {exception.Message}" };
        if (line is { } number) traceback.AddRange(Excerpt(number));
        traceback.AddRange(Frames(exception));
        for (var inner = exception.InnerException; inner is not null; inner = inner.InnerException)
        {
            traceback.Add($"caused by {TypeName(inner)}: {inner.Message}");
            traceback.AddRange(Frames(inner));
        }
        return new CellError(name, exception.Message, line, traceback);
    }

    public CellError OfHost(string name, string message, int? line = null) =>
        new(name, message, line, [$"{Place(line)}: {name}: {message}", .. line is { } number ? Excerpt(number) : []]);

    private string Place(int? line) => line is null ? cellName : $"{cellName}, line {line}";

    private IEnumerable<string> Excerpt(int line, int? column = null)
    {
        if (line < 1 || line > _lines.Length) yield break;
        yield return $"    {_lines[line - 1].TrimEnd()}";
        if (column is { } at) yield return new string(' ', 4 + at) + "^";
    }

    private int? LineOf(Exception exception)
    {
        for (var e = exception; e is not null; e = e.InnerException)
        {
            var frame = new StackTrace(e, fNeedFileInfo: true).GetFrames().FirstOrDefault(frame => frame.GetFileName() == cellName);
            if (frame is not null) return frame.GetFileLineNumber();
        }
        return null;
    }

    // Frames up to the script's own, without the machinery that runs it.
    private static IEnumerable<string> Frames(Exception exception)
    {
        foreach (var line in (exception.StackTrace ?? "").Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.Contains("Microsoft.CodeAnalysis.Scripting.", StringComparison.Ordinal)) yield break;
            if (line.StartsWith("---", StringComparison.Ordinal)) continue;
            yield return "   " + SubmissionFrame().Replace(line, "in ${place}");
        }
    }

    private static string TypeName(Exception exception) => exception.GetType().FullName ?? exception.GetType().Name;

    [GeneratedRegex(@"^at Submission#\d+\.<<Initialize>>.*? in (?<place>Cell .*)$")]
    private static partial Regex SubmissionFrame();
}
