using System.CommandLine;
using System.Text.Json;
using Rlef.Policy;
using Rlef.Storage;

namespace Rlef.Cli.Commands;

static class TokenizerCommand
{
    public static Command Create() => new("tokenizer", "Turn texts into token ids and back.") { Encode(), Decode() };

    static Option<string> Folder() => new("--tokenizer") { Description = "Folder that holds a tokenizer.json, or a GGUF file.", Required = true };

    static Command Encode()
    {
        var folder = Folder();
        var special = new Option<bool>("--special") { Description = "Add the special tokens that the model expects around a text." };
        var command = new Command("encode", """
            Read a JSON array of texts on standard input, print a JSON array of arrays of ids.

            Example:  echo '["Hello"]' | rlef tokenizer encode --tokenizer runs/mine/policy
            """)
        {
            folder, special,
        };
        command.SetAction(parse =>
        {
            var tokenizer = Load(parse.GetValue(folder)!);
            Print(Read<string>().Select(text => tokenizer.EncodeMarkup(text, parse.GetValue(special))));
        });
        return command;
    }

    static Command Decode()
    {
        var folder = Folder();
        var skip = new Option<bool>("--skip-special") { Description = "Leave special tokens out of the texts." };
        var command = new Command("decode", """
            Read a JSON array of arrays of ids on standard input, print a JSON array of texts.

            Example:  echo '[[9707]]' | rlef tokenizer decode --tokenizer runs/mine/policy
            """)
        {
            folder, skip,
        };
        command.SetAction(parse =>
        {
            var tokenizer = Load(parse.GetValue(folder)!);
            var all = Read<int[]>();
            foreach (var id in all.SelectMany(ids => ids))
                if (id < 0 || id >= tokenizer.VocabularySize)
                    throw new InvalidDataException($"Standard input: token {id} is not among the tokenizer's {tokenizer.VocabularySize}.");
            Print(all.Select(ids => tokenizer.Decode(ids, keepSpecial: !parse.GetValue(skip))));
        });
        return command;
    }

    static PolicyTokenizer Load(string path) => Directory.Exists(path) ? TokenizerFile.Load(Path.Combine(path, "tokenizer.json"))
        : GgufPolicy.IsGguf(path) ? PolicyFiles.Read(path).Tokenizer
        : TokenizerFile.Load(path);

    static T[] Read<T>() where T : notnull
    {
        try
        {
            using var input = Console.OpenStandardInput();
            var items = JsonSerializer.Deserialize<T[]>(input) ?? throw new JsonException("null is no array.");
            return items.All(i => i is not null) ? items : throw new JsonException("an item of the array is null.");
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"Standard input is not a JSON array of {(typeof(T) == typeof(string) ? "texts" : "arrays of ids")}: {e.OneLine()}", e);
        }
    }

    static void Print<T>(IEnumerable<T> items)
    {
        using var output = Console.OpenStandardOutput();
        JsonSerializer.Serialize(output, items, JsonText.Line);
        output.WriteByte((byte)'\n');
    }
}
