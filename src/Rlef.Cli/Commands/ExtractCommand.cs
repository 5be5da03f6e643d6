using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Rlef.Dialogue;
using Rlef.Evaluation.Samples;
using Rlef.Storage;

namespace Rlef.Cli.Commands;

/// <summary>Takes the programs out of a file of responses.</summary>
static class ExtractCommand
{
    public static Command Create()
    {
        var file = new Argument<string>("FILE") { Description = "Responses: one JSON object a line, or an array of them; .gz may follow." };
        var output = new Option<string?>("--out") { Description = "File for the programs; by default standard output." };
        var command = new Command("extract", "Find the program in each response: the last code block marked python, or else the last unmarked one, behind any reasoning. " +
            "Writes a line {\"task_id\", \"program\"} for each, which evaluate --samples reads; a response without a program has an empty one. " +
                "Standard error says for each what was found, or why not.\n\n" +
            "Example:  rlef extract responses.jsonl --out samples.jsonl")
        {
            file, output,
        };
        command.SetAction(parse =>
        {
            var (path, target) = (parse.GetValue(file)!, parse.GetValue(output));
            if (target is null)
            {
                using var standard = Console.OpenStandardOutput();
                Extract(path, standard);
            }
            else
            {
                OutputFile.Check(target, path);
                AtomicFile.Write(target, stream => Extract(path, stream));
            }
        });
        return command;
    }

    static void Extract(string path, Stream output)
    {
        var (all, found) = (0, 0);
        foreach (var response in ResponseFile.Read(path))
        {
            var code = CodeBlock.Find(response.Text, out var missing);
            var said = code is null ? missing!.TrimEnd('.')
                : $"program of {code.Lines.Length} {(code.Lines.Length == 1 ? "line" : "lines")}, {(code.Marked ? "marked python" : "not marked")}";
            var row = new JsonObject { ["program"] = code?.Program ?? "", [code is null ? "missing" : "found"] = said };
            if (response.Task is not null)
                row.Insert(0, "task_id", response.Task);
            JsonSerializer.Serialize(output, row, JsonText.Line);
            output.WriteByte((byte)'\n');
            Console.Error.WriteLine($"line {response.Line}{(response.Task is { } task ? $", {task.OneLine()}" : "")}: {(code is null ? "no program: " : "")}{said}");
            (all, found) = (all + 1, found + (code is null ? 0 : 1));
        }
        Console.Error.WriteLine($"{found} of {all} responses have a program.{(found == 0 ? " Plain code needs no extracting: evaluate judges it as it is." : "")}");
    }
}
