using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.RegularExpressions;
using Rlef.Storage;

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
                : $"unknown {(option ? "option" : "command")} '{word}'{where}.{Suggestion.For(word, known)} See ./rlef {name}{(name.Length > 0 ? " " : "")}--help.";
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
