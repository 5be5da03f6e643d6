namespace Rlef.Problems.Formats;

/// <summary>The part of YAML that problem packages use: keys with plain or quoted values, nested by indentation, joined by dots; the items of a list stand in one value, with blanks
/// between.</summary>
static class SimpleYaml
{
    public static Dictionary<string, string> Read(string path)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        var parents = new Stack<(int Indent, string Key)>();
        foreach (var line in File.ReadLines(path))
        {
            var text = line.Trim();
            var indent = line.Length - line.TrimStart().Length;
            if (text.StartsWith("- ", StringComparison.Ordinal) && parents.TryPeek(out var list) && list.Indent <= indent)
            {
                var name = string.Join('.', parents.Reverse().Select(p => p.Key));
                values[name] = $"{values.GetValueOrDefault(name)} {Plain(text[2..].Trim())}".Trim();
                continue;
            }
            if (text.Length == 0 || text[0] is '#' or '-' || text.IndexOf(':') is var colon && colon <= 0)
                continue;
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
