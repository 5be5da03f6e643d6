using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Diagnostic = Microsoft.DotNet.Interactive.Diagnostic;

namespace Rlef.Notebooks.Engine;

/// <summary>
/// Turns what the kernel says of a failed cell into a report that names the cell and the line and shows the source. The kernel
/// gives an exception as its text alone.
/// </summary>
internal sealed partial class ErrorReport(string cellName, string source)
{
    private readonly string[] _lines = source.Split('\n');

    public CellError OfDiagnostics(IEnumerable<Diagnostic> diagnostics)
    {
        var errors = diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)
            .OrderBy(diagnostic => (diagnostic.LinePositionSpan.Start.Line, diagnostic.LinePositionSpan.Start.Character)).ToList();
        var traceback = new List<string>();
        foreach (var error in errors)
        {
            var position = error.LinePositionSpan.Start;
            traceback.Add($"{cellName}, line {position.Line + 1}, column {position.Character + 1}: {error.Code}: {Message(error)}");
            traceback.AddRange(Excerpt(position.Line + 1, position.Character));
        }
        return new CellError("CompileError", $"{errors[0].Code}: {Message(errors[0])}", errors[0].LinePositionSpan.Start.Line + 1, traceback);
    }

    /// <param name="text">An exception as <see cref="Exception.ToString"/> has it.</param>
    public CellError OfException(string text)
    {
        text = text.ReplaceLineEndings("\n");
        var head = Head().Match(text);
        var name = head.Success ? head.Groups["name"].Value : "Error";
        var message = (head.Success ? head.Groups["message"].Value : text).TrimEnd();
        // Where an exception was wrapped, the outer one's frames stand last: they name the line that called.
        var outer = text.LastIndexOf(EndOfInner, StringComparison.Ordinal);
        var line = LineIn(outer < 0 ? text : text[outer..]) ?? LineIn(text);
        var traceback = new List<string> { $"{Place(line)}: {name}: {message}" };
        if (line is { } number) traceback.AddRange(Excerpt(number));
        if (head.Success) traceback.AddRange(Frames(text[(head.Index + head.Length)..]));
        return new CellError(name, message, line, traceback);
    }

    /// <param name="name">What kind of end the cell came to.</param>
    public CellError OfHost(string name, string message) => new(name, message, null, [$"{cellName}: {name}: {message}"]) { IsOfCode = false };

    private string Place(int? line) => line is null ? cellName : $"{cellName}, line {line}";

    private static string Message(Diagnostic error) => error.Code switch
    {
        "CS0006" when error.Message.Contains("nuget:", StringComparison.OrdinalIgnoreCase) =>
            $"{error.Message}. Packages are not restored from a notebook here. Reference a built library with #r \"path/to/Library.dll\".",
        "CS0006" => $"{error.Message}. Paths start at the notebook's folder; build the library first, for instance with: dotnet build -c Release",
        _ => error.Message,
    };

    private IEnumerable<string> Excerpt(int line, int? column = null)
    {
        if (line < 1 || line > _lines.Length) yield break;
        yield return $"    {_lines[line - 1].TrimEnd()}";
        if (column is { } at) yield return new string(' ', 4 + at) + "^";
    }

    private int? LineIn(string text) =>
        PlaceInCell().Matches(text).FirstOrDefault(place => place.Groups["cell"].Value == cellName) is { } found
            ? int.Parse(found.Groups["line"].Value, CultureInfo.InvariantCulture)
            : null;

    // Frames up to the script's own, without the machinery that runs it.
    private static IEnumerable<string> Frames(string text)
    {
        var machinery = false;
        foreach (var line in text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.StartsWith(InnerHead, StringComparison.Ordinal)) yield return "caused by " + line[InnerHead.Length..];
            else if (line.StartsWith("---", StringComparison.Ordinal)) machinery = false;
            else if (machinery || line.Contains("Microsoft.CodeAnalysis.Scripting.", StringComparison.Ordinal)) machinery = true;
            else yield return "   " + CellFolder().Replace(SubmissionFrame().Replace(line, "in ${place}"), " in ${place}");
        }
    }

    private const string InnerHead = "---> ";
    private const string EndOfInner = "--- End of inner exception stack trace ---";

    // A type's full name, its message of one line or more, up to the first frame or inner exception.
    [GeneratedRegex(@"\A(?<name>[\w.+`]+(?:\[[^\]]*\])?): (?<message>.*?)(?=\n\s+at |\n ---> |\n--- End of stack|\z)", RegexOptions.Singleline)]
    private static partial Regex Head();

    // The compiler puts the notebook's folder before the cell's name.
    [GeneratedRegex(@" in (?:.*/)?(?<cell>Cell \d+):line (?<line>\d+)")]
    private static partial Regex PlaceInCell();

    [GeneratedRegex(@"^at Submission#\d+\.<<Initialize>>.*? in (?:.*/)?(?<place>Cell \d+:line \d+)$")]
    private static partial Regex SubmissionFrame();

    [GeneratedRegex(@" in .*/(?<place>Cell \d+:line \d+)$")]
    private static partial Regex CellFolder();
}
