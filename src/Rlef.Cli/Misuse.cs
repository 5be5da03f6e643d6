using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.RegularExpressions;

namespace Rlef.Cli;

/// <summary>Says in one line what is wrong with a command line.</summary>
static partial class Misuse
{
    // These the launcher runs itself.
    static readonly string[] LauncherCommands = ["test", "bench"];

    /// <summary>Null if the command line can be run.</summary>
    public static string? Of(ParseResult parse)
    {
        var command = parse.CommandResult.Command;
        var name = string.Join(' ', Path(parse.CommandResult));
        if (Unknown(parse) is { } word)
        {
            var option = word.StartsWith('-');
            var known = option ? OptionsOf(parse.CommandResult) : command.Subcommands.Select(c => c.Name).Concat(command is RootCommand ? LauncherCommands : []);
            var where = name.Length > 0 ? $" of {name}" : "";
            return !option && !IsGroup(command)
                ? $"{name} does not take '{word}'. See ./rlef {name} --help."
                : $"unknown {(option ? "option" : "command")} '{word}'{where}.{Nearest(word, known)} See ./rlef {name}{(name.Length > 0 ? " " : "")}--help.";
        }
        if (parse.Errors.Count == 0)
            return null;
        if (IsGroup(command))
            return $"{name} needs one of: {string.Join(", ", command.Subcommands.Select(c => c.Name))}.";
        // The parser names the command where a user looks for the argument.
        var missing = parse.Errors[0].SymbolResult is ArgumentResult { Tokens.Count: 0 } argument ? $"{argument.Argument.Name} is missing." : null;
        return $"{name}: {missing ?? Plain(parse.Errors[0].Message)} See ./rlef {name} --help.";
    }

    // One that does nothing itself.
    static bool IsGroup(Command command) => command.Subcommands.Count > 0 && command.Arguments.Count == 0;

    // A word that nothing takes, or an option that was taken for an argument.
    static string? Unknown(ParseResult parse) => parse.UnmatchedTokens.FirstOrDefault()
        ?? parse.CommandResult.Children.OfType<ArgumentResult>().SelectMany(a => a.Tokens).Select(t => t.Value)
            .FirstOrDefault(v => v.Length > 1 && v.StartsWith('-') && !parse.Tokens.Any(t => t.Type == TokenType.DoubleDash));

    static IEnumerable<string> Path(CommandResult result) => result.Parent is CommandResult parent ? [.. Path(parent), result.Command.Name] : [];

    static IEnumerable<string> OptionsOf(CommandResult result) => result.Command.Options.Select(o => o.Name)
        .Concat(result.Parent is CommandResult parent ? parent.Command.Options.Where(o => o.Recursive).Select(o => o.Name) : []);

    static string Nearest(string word, IEnumerable<string> known) =>
        known.Select(k => (Word: k, Distance: Distance(word, k))).OrderBy(k => k.Distance).FirstOrDefault() is { Word: { } nearest } best
        && best.Distance <= Math.Max(2, word.Length / 3) ? $" Did you mean '{nearest}'?" : "";

    // Edits that turn one word into another: a letter added, dropped or changed, or two neighbours exchanged.
    static int Distance(string a, string b)
    {
        var d = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
            for (var j = 0; j <= b.Length; j++)
            {
                d[i, j] = i == 0 || j == 0 ? i + j
                    : Math.Min(d[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1), Math.Min(d[i - 1, j], d[i, j - 1]) + 1);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    d[i, j] = Math.Min(d[i, j], d[i - 2, j - 2] + 1);
            }
        return d[a.Length, b.Length];
    }

    static string Plain(string message)
    {
        message = TypeName().Replace(Space().Replace(message, " "), m => m.Groups[1].Value switch
        {
            "Int32" or "Int64" => "a whole number",
            "UInt64" or "UInt32" => "a whole number from 0",
            "Double" => "a number",
            var other => other,
        });
        return message.EndsWith('.') ? message : message + ".";
    }

    [GeneratedRegex(@"expected type 'System\.(?:Nullable`1\[System\.)?(\w+)\]?'")]
    private static partial Regex TypeName();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();
}
