using System.Text.Json;
using Rlef.Storage;

namespace Rlef.Problems.Formats;

/// <summary>The trusted Python programs of the formats, which travel inside this assembly.</summary>
static class FormatScripts
{
    /// <summary>Records the calls of test code with the reference, and replays it as checker.</summary>
    public static string Scripts { get; } = EmbeddedText.Read("scripts.py");

    /// <summary>EvalPlus: runs the canonical solution on the inputs, and compares as EvalPlus does.</summary>
    public static string Plus { get; } = EmbeddedText.Read("plus.py");

    /// <summary>Judges an answer to a puzzle of Python Programming Puzzles.</summary>
    public static string Puzzle { get; } = EmbeddedText.Read("puzzle.py");

    /// <summary>CodeI/O: runs reference and generator, and compares as JSON.</summary>
    public static string CodeIo { get; } = EmbeddedText.Read("codeio.py");

    /// <summary>Plays a Kattis output validator.</summary>
    public static string Kattis { get; } = EmbeddedText.Read("kattis.py");

    /// <summary>The program with constants in front that hold JSON values.</summary>
    public static string With(string program, params (string Name, string Json)[] constants) =>
        "import json\n" + string.Concat(constants.Select(c => $"{c.Name} = json.loads({JsonSerializer.Serialize(c.Json)})\n")) + program;
}
