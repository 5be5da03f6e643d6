using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Rlef.Policy;

/// <summary>Python's <c>format</c> of a text.</summary>
sealed partial class BraceFormat(List<object?> placed, Dictionary<string, object?> named)
{
    [GeneratedRegex(@"^(?:(?<fill>[\s\S]|[\ud800-\udbff][\udc00-\udfff])?(?<align>[<>=^]))?(?<sign>[-+ ])?(?<alternate>\#)?" +
        @"(?<zero>0)?(?<width>[0-9]+)?(?<group>[,_])?(?:\.(?<precision>[0-9]+))?(?<type>[a-zA-Z%])?$")]
    private static partial Regex Specification { get; }

    [GeneratedRegex(@"\G(?:\.(?<name>[^.\[]+)|\[(?<key>[^\]]+)\])")]
    private static partial Regex Step { get; }

    // Places are counted, or told; Python refuses both in one text.
    int next;
    bool told;

    public static string Apply(string text, List<object?> placed, Dictionary<string, object?> named) => new BraceFormat(placed, named).Write(text, 0);

    string Write(string text, int depth)
    {
        var result = new StringBuilder();
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c is '{' or '}' && i + 1 < text.Length && text[i + 1] == c && depth == 0)
                result.Append(text[i++]);
            else if (c == '}' || c == '{' && depth > 1)
                throw new TemplateException($"a format has a single '{c}'.");
            else if (c != '{')
                result.Append(c);
            else
            {
                var end = End(text, i);
                result.Append(Field(text[(i + 1)..end], depth));
                i = end;
            }
            if (result.Length > TemplateValue.MaxText)
                throw TemplateValue.TextTooLong();
        }
        return result.ToString();
    }

    static int End(string text, int open)
    {
        var depth = 0;
        for (var i = open; i < text.Length; i++)
        {
            depth += text[i] == '{' ? 1 : text[i] == '}' ? -1 : 0;
            if (depth == 0)
                return i;
        }
        throw new TemplateException("a format's '{' has no end.");
    }

    string Field(string field, int depth)
    {
        var colon = field.IndexOf(':', StringComparison.Ordinal);
        var (name, specification) = colon < 0 ? (field, "") : (field[..colon], field[(colon + 1)..]);
        var conversion = '\0';
        if (name.IndexOf('!', StringComparison.Ordinal) is var mark and >= 0)
        {
            conversion = name.Length == mark + 2 ? name[^1] : throw new TemplateException($"the format '{{{field}}}' is malformed.");
            name = name[..mark];
        }
        var value = Value(name);
        value = conversion switch
        {
            '\0' => value,
            's' => TemplateText.Of(value),
            'r' => TemplateText.Quoted(value),
            _ => throw new TemplateException($"the format's '!{conversion}' is not known."),
        };
        return Written(value, specification.Contains('{') ? Write(specification, depth + 1) : specification);
    }

    object? Value(string name)
    {
        var end = name.AsSpan().IndexOfAny('.', '[') is var mark && mark >= 0 ? mark : name.Length;
        var first = name[..end];
        object? value;
        if (first.Length == 0 || first.All(char.IsAsciiDigit))
        {
            if (next > 0 && first.Length > 0 || told && first.Length == 0)
                throw new TemplateException("a format counts its places and tells them.");
            told |= first.Length > 0;
            var place = first.Length == 0 ? next++ : int.Parse(first.Length > 9 ? "999999999" : first, CultureInfo.InvariantCulture);
            value = place < placed.Count ? placed[place] : throw new TemplateException($"format is given fewer than {place + 1} values.");
        }
        else if (!named.TryGetValue(first, out value))
            throw new TemplateException($"format is given no '{first}'.");
        for (var at = end; at < name.Length;)
        {
            var step = Step.Match(name, at);
            if (!step.Success)
                throw new TemplateException($"the format's '{name}' is malformed.");
            at += step.Length;
            var key = step.Groups["key"].Value;
            value = step.Groups["name"] is { Success: true } attribute ? TemplateMember.Attribute(value, attribute.Value)
                : TemplateMember.Item(value, key.All(char.IsAsciiDigit) && key.Length < 10 ? long.Parse(key, CultureInfo.InvariantCulture) : key);
        }
        return value;
    }

    static string Written(object? value, string specification)
    {
        if (specification.Length == 0)
            return TemplateText.Of(value);
        if (Specification.Match(specification) is not { Success: true } match)
            throw new TemplateException($"the format '{specification}' is malformed.");
        char Mark(string name) => match.Groups[name].Value is [var c] ? c : '\0';
        long? Count(string name) => match.Groups[name] is { Success: true } group
            ? long.TryParse(group.Value, CultureInfo.InvariantCulture, out var count) && count <= TemplateValue.MaxText ? count : throw TemplateValue.TextTooLong() : null;
        var (fill, align, zero, type) = (match.Groups["fill"].Value, Mark("align"), match.Groups["zero"].Success, Mark("type"));
        var number = TemplateNumbers.Is(value);
        var format = new NumberFormat(fill.Length > 0 ? fill : zero ? "0" : " ", align == '\0' && zero && number ? '=' : align, Mark("sign"),
            match.Groups["alternate"].Success, Count("width") ?? 0, Mark("group"), Count("precision"), type);
        return number ? format.Number(value!)
            : TemplateValue.Str(value) is { } text && type is '\0' or 's' ? format.Text(TemplateValue.Str(value)!)
            : throw new TemplateException($"the format '{specification}' of {TemplateText.Kind(value)} is not known.");
    }
}
