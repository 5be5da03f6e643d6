using System.CommandLine;
using System.Text;
using Rlef.Experiments;

namespace Rlef.Cli.Commands;

/// <summary>Prints the help of all commands as one document. The launcher answers <c>--help</c> from it before anything is built.</summary>
static class ManualCommand
{
    public static Command Create(RootCommand root)
    {
        var command = new Command("manual", "Print the help of all commands as Markdown, as docs/commands.md holds it.");
        command.SetAction(_ => Console.Out.Write(Of(root)));
        return command;
    }

    static string Of(RootCommand root)
    {
        var text = new StringBuilder("# Commands\n\nWhat `./rlef COMMAND --help` prints. Made by `./rlef manual > docs/commands.md`.\n");
        foreach (var command in root.Subcommands)
            Append(text, root, command, [command.Name]);
        return text.ToString();
    }

    static void Append(StringBuilder text, RootCommand root, Command command, string[] path)
    {
        using var help = new StringWriter();
        root.Parse([.. path, "--help"]).Invoke(new() { Output = help });
        // Defaults inside this checkout are told by their place in it.
        var lines = help.ToString().Replace(Home.Folder + Path.DirectorySeparatorChar, "", StringComparison.Ordinal).ReplaceLineEndings("\n").Trim().Split('\n').Select(line => line.TrimEnd());
        text.Append($"\n## rlef {string.Join(' ', path)}\n\n```\n{string.Join('\n', lines)}\n```\n");
        foreach (var inner in command.Subcommands.Where(inner => !inner.Hidden))
            Append(text, root, inner, [.. path, inner.Name]);
    }
}
