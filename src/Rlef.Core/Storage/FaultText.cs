using System.Text;
using System.Text.Json;

namespace Rlef.Storage;

/// <summary>What other libraries and damaged files say, made fit for a message of one line.</summary>
public static class FaultText
{
    const int Head = 120, Tail = 180;

    /// <summary>The message on one line, its middle left out where it is long: parsers quote what they could not read, and say at the end where.</summary>
    public static string OneLine(this Exception e) => e switch
    {
        JsonException json => json.InWordsWithPlace(),
        InvalidOperationException element => element.InWords(),
        _ => e.Message.OneLine(),
    };

    /// <summary>The text on one line, its middle left out where it is long.</summary>
    public static string OneLine(this string text)
    {
        var line = new StringBuilder(text.Length);
        foreach (var c in text)
            if (!char.IsWhiteSpace(c) && !char.IsControl(c))
                line.Append(c);
            else if (line.Length > 0 && line[^1] != ' ')
                line.Append(' ');
        return line.Length <= Head + Tail ? line.ToString() : $"{line.ToString(0, Head)} … {line.ToString(line.Length - Tail, Tail)}";
    }
}
