namespace Rlef.Problems.Formats;

/// <summary>The part of YAML that problem packages use: keys with plain or quoted values, nested by indentation, joined by dots.</summary>
static class SimpleYaml
{
    public static Dictionary<string, string> Read(string path)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        var parents = new Stack<(int Indent, string Key)>();
        foreach (var line in File.ReadLines(path))
        {
            var text = line.Trim();
            if (text.Length == 0 || text[0] is '#' or '-' || text.IndexOf(':') is var colon && colon <= 0)
                continue;
            var indent = line.Length - line.TrimStart().Length;
            while (parents.TryPeek(out var top) && top.Indent >= indent)
                parents.Pop();
            var key = string.Join('.', parents.Reverse().Select(p => p.Key).Append(text[..colon].Trim()));
            var value = Plain(text[(colon + 1)..].Trim());
            if (value.Length > 0)
                values[key] = value;
            else
                parents.Push((indent, text[..colon].Trim()));
        }
        return values;
    }

    static string Plain(string value)
    {
        if (value is ['"' or '\'', ..] && value.LastIndexOf(value[0]) is > 0 and var end)
            return value[1..end];
        return value.IndexOf(" #", StringComparison.Ordinal) is >= 0 and var comment ? value[..comment].TrimEnd() : value;
    }
}
