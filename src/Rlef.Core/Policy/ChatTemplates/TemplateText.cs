using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Text;
using Rlef.Python;

namespace Rlef.Policy;

/// <summary>Writes values as Python does: as they are printed, and as they stand within lists.</summary>
static class TemplateText
{
    public static string Of(object? value) => TemplateValue.Str(value) ?? (value is TemplateUndefined ? "" : Quoted(value));

    /// <summary>What a value is, for errors.</summary>
    public static string Kind(object? value) => value switch
    {
        null => "None",
        bool or long or double or BigInteger => Of(value),
        string => "a text",
        TemplateMarkup => "an escaped text",
        List<object?> => "a list",
        TemplateTuple => "a tuple",
        TemplateMap => "a dictionary",
        TemplateView view => $"dict_{view.Kind}",
        TemplateRange => "a range",
        TemplateStream => "a generator",
        TemplateNamespace => "a namespace",
        TemplateUndefined => "an undefined value",
        ITemplateCallable callable => callable.Name,
        _ => "an object",
    };

    /// <summary>Python's repr.</summary>
    public static string Quoted(object? value)
    {
        var text = new StringBuilder();
        Write(text, value, 0);
        return text.ToString();
    }

    static void Write(StringBuilder text, object? value, int depth)
    {
        if (depth > TemplateValue.MaxDepth || !RuntimeHelpers.TryEnsureSufficientExecutionStack())
            throw new TemplateException("a value is nested too deeply.");
        switch (value)
        {
            case List<object?> list:
                Write(text, "[", list, "]", depth);
                break;
            case TemplateTuple tuple:
                Write(text, "(", tuple.Items, tuple.Items.Length == 1 ? ",)" : ")", depth);
                break;
            case TemplateView view:
                Write(text.Append("dict_").Append(view.Kind), "([", view.Items, "])", depth);
                break;
            case TemplateMap map:
                Write(text, map, depth);
                break;
            case TemplateNamespace names:
                var all = new TemplateMap();
                foreach (var (name, item) in names.Values)
                    all[name] = item;
                Write(text.Append("<Namespace "), all, depth);
                text.Append('>');
                break;
            default:
                text.Append(Simple(value));
                break;
        }
        if (text.Length > TemplateValue.MaxText)
            throw TemplateValue.TextTooLong();
    }

    static void Write(StringBuilder text, string open, IEnumerable<object?> items, string close, int depth)
    {
        var between = open;
        foreach (var item in items)
        {
            Write(text.Append(between), item, depth + 1);
            between = ", ";
        }
        text.Append(between == open ? open : "").Append(close);
    }

    static void Write(StringBuilder text, TemplateMap map, int depth)
    {
        var between = "{";
        foreach (var (key, value) in map)
        {
            Write(text.Append(between), key, depth + 1);
            Write(text.Append(": "), value, depth + 1);
            between = ", ";
        }
        text.Append(map.Count == 0 ? "{}" : "}");
    }

    static string Simple(object? value) => value switch
    {
        null => "None",
        true => "True",
        false => "False",
        string s => PythonText.Repr(s),
        TemplateMarkup m => $"Markup({PythonText.Repr(m.Text)})",
        long n => n.ToString(CultureInfo.InvariantCulture),
        BigInteger n => n.ToString(CultureInfo.InvariantCulture),
        double d => TemplateNumbers.Text(d),
        TemplateRange range => range.ToString(),
        TemplateUndefined => "Undefined",
        TemplateMacro macro => $"<Macro {PythonText.Repr(macro.Title)}>",
        TemplateLoop loop => $"<LoopContext {loop.Index}/{loop.Length}>",
        _ => throw new TemplateException($"{Kind(value)} is no text."),
    };
}
