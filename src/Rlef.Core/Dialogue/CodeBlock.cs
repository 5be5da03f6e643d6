namespace Rlef.Dialogue;

/// <summary>The program in a response.</summary>
/// <param name="Program">Python source.</param>
/// <param name="Offset">Where it begins in the response, in characters.</param>
public sealed record CodeBlock(string Program, int Offset)
{
    /// <summary>
    /// Finds the last closed block fenced by triple backticks and marked <c>python</c>, <c>py</c> or nothing. Null if there is none:
    /// an open fence means that the response was cut, and other languages are not programs for this judge.
    /// </summary>
    public static CodeBlock? Find(string response)
    {
        CodeBlock? found = null;
        for (var at = 0; (at = response.IndexOf("```", at, StringComparison.Ordinal)) >= 0;)
        {
            var body = at + 3;
            var close = response.IndexOf("```", body, StringComparison.Ordinal);
            if (close < 0)
                break;
            var lineEnd = response.IndexOfAny(['\n', ' '], body, close - body);
            var start = lineEnd < 0 ? body : lineEnd + 1;
            var language = lineEnd < 0 ? "" : response[body..lineEnd].Trim();
            if (language is "python" or "python3" or "py" or "" && start < close && !string.IsNullOrWhiteSpace(response[start..close]))
                found = new CodeBlock(response[start..close], start);
            at = close + 3;
        }
        return found;
    }
}
