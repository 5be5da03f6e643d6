using System.Text.RegularExpressions;

namespace Rlef.Notebooks.Engine;

/// <summary>Checks a cell for what only other hosts understand, before the compiler says something less helpful.</summary>
internal static partial class CellSource
{
    /// <summary>Blanks the C# magics, line for line; everything else stays.</summary>
    /// <param name="error">What the engine does not support, null if nothing.</param>
    public static string Prepare(string source, HostReferences references, out (int Line, string Message)? error)
    {
        error = null;
        var lines = source.Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            var line = lines[i].Trim();
            if (line.StartsWith("#!", StringComparison.Ordinal))
            {
                if (line.ToLowerInvariant() is "#!csharp" or "#!c#") lines[i] = "";
                else error ??= (i + 1, $"'{line.Split(' ')[0]}' is not supported: cells here are C# without magic commands. Remove the line, or open the notebook in .NET Interactive.");
            }
            else if (Directive().Match(line) is { Success: true } directive)
            {
                var target = directive.Groups["target"].Value;
                if (directive.Groups["kind"].Value == "i" || target.StartsWith("nuget:", StringComparison.OrdinalIgnoreCase))
                    error ??= (i + 1, $"'{line}' is not supported: packages are not restored from a notebook. Reference a built library with #r \"path/to/Library.dll\".");
                else if (LooksLikeFile(target) && references.Locate(target) is null)
                    error ??= (i + 1, $"'{target}' does not exist. Paths start at the notebook's folder; build the library first, for instance with: dotnet build -c Release");
            }
        }
        return string.Join('\n', lines);
    }

    private static bool LooksLikeFile(string target) =>
        target.Contains('/') || target.Contains('\\') || target.EndsWith(".dll", StringComparison.OrdinalIgnoreCase);

    [GeneratedRegex(@"^#(?<kind>r|i)\s+""(?<target>[^""]*)""")]
    private static partial Regex Directive();
}
