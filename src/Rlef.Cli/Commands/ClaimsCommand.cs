using System.CommandLine;
using Rlef.Experiments;
using Rlef.Storage;

namespace Rlef.Cli.Commands;

static class ClaimsCommand
{
    const string Begin = "<!-- claims -->", End = "<!-- /claims -->";

    public static Command Create()
    {
        var file = new Argument<string?>("file") { Description = "The claims, as JSON; by default docs/claims.json.", Arity = ArgumentArity.ZeroOrOne };
        var page = new Option<string?>("--into")
        {
            Description = "Markdown file whose table between the comments 'claims' and '/claims' is replaced, with links from there; " +
                "without it, the table is printed.",
        };
        var command = new Command("claims", "Set what papers claim beside what sweeps found: effect, paired interval, verdict.\n\n" +
            "Example:  rlef claims --into docs/claims.md") { file, page };
        command.SetAction(parse =>
        {
            var path = parse.GetValue(page);
            var table = Claims.Table(parse.GetValue(file) ?? Home.File("docs", "claims.json"), path);
            if (path is null)
            {
                Console.Write(table);
                return;
            }
            var text = Utf8File.Read(path);
            var (begin, end) = (text.IndexOf(Begin, StringComparison.Ordinal), text.IndexOf(End, StringComparison.Ordinal));
            if (begin < 0 || end < begin)
                throw new InvalidDataException($"{path}: there is no place for the table. Put the lines {Begin} and {End} where it shall stand.");
            var line = text.AsSpan(begin + Begin.Length).StartsWith("\r\n") ? "\r\n" : "\n";
            AtomicFile.WriteText(path, text[..(begin + Begin.Length)] + line + table.ReplaceLineEndings(line) + text[end..]);
        });
        return command;
    }
}
