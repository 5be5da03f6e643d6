using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Text;

namespace Rlef.Policy;

/// <summary>Writes values as Python's json.dumps does.</summary>
sealed class TemplateJson(string? indent, string between, string colon, bool ascii, bool sorted)
{
    readonly StringBuilder text = new();

    /// <summary>The filter tojson of Hugging Face, which leaves other than ASCII and what HTML knows as it is.</summary>
    public static string Write(object? value, TemplateArguments arguments)
    {
        var a = arguments.Bind(("ensure_ascii", false), ("indent", null), ("separators", null), ("sort_keys", false));
        var indent = a[1] is null ? null : TemplateValue.Str(a[1]) ?? TextMethods.Spaces(TemplateNumbers.Integer(a[1]));
        var (between, colon) = a[2] is null ? (indent is null ? ", " : ",", ": ")
            : TemplateValue.List(a[2]) is [string b, string c] ? (b, c) : throw new TemplateException("tojson needs two separators.");
        var json = new TemplateJson(indent, between, colon, TemplateValue.Truth(a[0]), TemplateValue.Truth(a[3]));
        json.Write(value, 0);
        return json.text.ToString();
    }

    void Write(object? value, int depth)
    {
        if (depth > TemplateValue.MaxDepth || !RuntimeHelpers.TryEnsureSufficientExecutionStack())
            throw new TemplateException("a value is nested too deeply for tojson.");
        switch (value)
        {
            case List<object?> list:
                Write('[', list, ']', depth, item => Write(item, depth + 1));
                break;
            case TemplateTuple tuple:
                Write('[', tuple.Items, ']', depth, item => Write(item, depth + 1));
                break;
            case TemplateMap map:
                Write('{', sorted ? ItemFilters.Sorted(map.Keys, key => key, false) : map.Keys, '}', depth, key =>
                {
                    Quote(key is null or bool or long or double or BigInteger ? Simple(key)
                        : TemplateValue.Str(key) ?? throw new TemplateException($"{TemplateText.Kind(key)} is no key for tojson."));
                    text.Append(colon);
                    map.TryGet(key, out var member);
                    Write(member, depth + 1);
                });
                break;
            default:
                if (TemplateValue.Str(value) is { } s)
                    Quote(s);
                else
                    text.Append(Simple(value));
                break;
        }
    }

    void Write(char open, IEnumerable<object?> items, char close, int depth, Action<object?> write)
    {
        text.Append(open);
        var first = true;
        foreach (var item in items)
        {
            if (!first)
                text.Append(between);
            first = false;
            Break(depth + 1);
            write(item);
            if (text.Length > TemplateValue.MaxText)
                throw TemplateValue.TextTooLong();
        }
        if (!first)
            Break(depth);
        text.Append(close);
    }

    void Break(int depth)
    {
        if (indent is null)
            return;
        text.Append('\n');
        if ((long)indent.Length * depth > TemplateValue.MaxText)
            throw TemplateValue.TextTooLong();
        for (var i = 0; i < depth; i++)
            text.Append(indent);
    }

    static string Simple(object? value) => value switch
    {
        null => "null",
        true => "true",
        false => "false",
        double.NaN => "NaN",
        double.PositiveInfinity => "Infinity",
        double.NegativeInfinity => "-Infinity",
        long or double or BigInteger => TemplateText.Of(value),
        _ => throw new TemplateException($"tojson does not write {TemplateText.Kind(value)}."),
    };

    void Quote(string s)
    {
        text.Append('"');
        foreach (var c in s)
            _ = c switch
            {
                '"' => text.Append("\\\""),
                '\\' => text.Append("\\\\"),
                '\n' => text.Append("\\n"),
                '\r' => text.Append("\\r"),
                '\t' => text.Append("\\t"),
                '\b' => text.Append("\\b"),
                '\f' => text.Append("\\f"),
                < ' ' => text.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
                > '~' when ascii => text.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
                _ => text.Append(c),
            };
        text.Append('"');
    }
}
