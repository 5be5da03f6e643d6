using System.Globalization;
using System.Text;
using System.Text.Json;
using Rlef.Problems;
using Rlef.Python;

namespace Rlef.Execution;

/// <summary>Values in the worker's encoding as Python writes them, for people and policies to read.</summary>
public static class PythonValue
{
    /// <summary>A test's input or output, or a program's: of calls as <see cref="Show(string)"/> has it, else as it is.</summary>
    public static string Show(Problem problem, string text) => problem.EntryPoint is null ? text : Show(text);

    /// <summary>The literal of an encoded value, or the expression of a call; any other text, such as the beginning of a long value, as it is.</summary>
    public static string Show(string encoded)
    {
        if (encoded is ['=', .. var expression])
            return expression;
        try
        {
            using var json = JsonDocument.Parse(encoded, new JsonDocumentOptions { MaxDepth = TestCase.MaxDepth });
            var text = new StringBuilder();
            Write(text, json.RootElement);
            return text.ToString();
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or ArgumentException or IndexOutOfRangeException)
        {
            return encoded;                    // an untrusted process wrote it
        }
    }

    static void Write(StringBuilder text, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Null: text.Append("None"); break;
            case JsonValueKind.True: text.Append("True"); break;
            case JsonValueKind.False: text.Append("False"); break;
            case JsonValueKind.String: text.Append(PythonText.Repr(value.GetString()!)); break;
            case JsonValueKind.Array: Items(text, "[", value, "]"); break;
            case JsonValueKind.Object: Object(text, value); break;
            default: text.Append(value.GetRawText()); break;
        }
    }

    static void Object(StringBuilder text, JsonElement value)
    {
        var (tag, content) = ValueComparer.Tag(value);
        switch (tag)
        {
            case "__tuple__": Items(text, "(", content, content.GetArrayLength() == 1 ? ",)" : ")"); break;
            case "__set__" when content.GetArrayLength() == 0: text.Append("set()"); break;
            case "__set__": Items(text, "{", content, "}"); break;
            case "__dict__": All(text, "{", content.EnumerateArray(), pair => Pair(text, () => Write(text, pair[0]), pair[1]), "}"); break;
            case "__deque__": Items(text, "deque([", content, "])"); break;
            case "__iterator__": Items(text, "iter([", content, "])"); break;
            case "__float__" or "__int__": text.Append(content.GetString()); break;
            case "__complex__":
                text.Append("complex");
                Items(text, "(", content, ")");
                break;
            case "__bytes__":
                text.Append('b').Append(PythonText.Repr(content.GetString()!, ascii: true));
                break;
            case "__range__":
                var (length, start) = (content[0].GetInt64(), content.GetArrayLength() > 1 ? content[1].GetInt64() : 0);
                var step = content.GetArrayLength() > 2 ? content[2].GetInt64() : 1;
                text.Append(CultureInfo.InvariantCulture, $"range({start}, {start + length * step}{(step == 1 ? "" : $", {step}")})");
                break;
            case "__time__":
                text.Append(content[0].GetString());
                All(text, "(", content.EnumerateArray().Skip(1), item => Write(text, item), ")");
                break;
            case "__opaque__": text.Append('<').Append(content.GetString()).Append('>'); break;
            case "__graph__" or "__object__" or "__digest__": text.Append(value.GetRawText()); break;   // Python has no literal for it
            default: All(text, "{", value.EnumerateObject(), held => Pair(text, () => text.Append(PythonText.Repr(held.Name)), held.Value), "}"); break;
        }
    }

    static void Items(StringBuilder text, string open, JsonElement items, string close) => All(text, open, items.EnumerateArray(), item => Write(text, item), close);

    static void Pair(StringBuilder text, Action key, JsonElement value)
    {
        key();
        text.Append(": ");
        Write(text, value);
    }

    static void All<T>(StringBuilder text, string open, IEnumerable<T> items, Action<T> write, string close)
    {
        text.Append(open);
        var first = true;
        foreach (var item in items)
        {
            if (!first)
                text.Append(", ");
            first = false;
            write(item);
        }
        text.Append(close);
    }
}
