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
            return new Writer().Write(json.RootElement).ToString();
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException or ArgumentException or IndexOutOfRangeException or KeyNotFoundException)
        {
            return encoded;                    // an untrusted process wrote it
        }
    }

    sealed class Writer
    {
        const int Deepest = 100, LongInteger = 20_000;

        // Characters. An object is written out at every mention, so that a few mentions of one another would fill the memory.
        const int Longest = 1 << 16;

        readonly StringBuilder text = new();
        readonly Stack<Dictionary<int, JsonElement>> graphs = [];
        readonly HashSet<int> around = [];

        public StringBuilder Write(JsonElement value)
        {
            switch (value.ValueKind)
            {
                case JsonValueKind.Null: return text.Append("None");
                case JsonValueKind.True: return text.Append("True");
                case JsonValueKind.False: return text.Append("False");
                case JsonValueKind.String: return text.Append(PythonText.Repr(value.GetString()!));
                case JsonValueKind.Array: return Items("[", value, "]");
                case JsonValueKind.Object: return Tagged(value);
                default: return text.Append(value.GetRawText());
            }
        }

        StringBuilder Tagged(JsonElement value)
        {
            var (tag, content) = ValueComparer.Tag(value);
            switch (tag)
            {
                case "__tuple__": return Items("(", content, content.GetArrayLength() == 1 ? ",)" : ")");
                case "__set__" when content.GetArrayLength() == 0: return text.Append("set()");
                case "__set__": return Items("{", content, "}");
                case "__dict__": return All("{", content.EnumerateArray(), pair => Pair(() => Write(pair[0]), pair[1]), "}");
                case "__deque__": return Items("deque([", content, "])");
                case "__iterator__": return Items("iter([", content, "])");
                case "__float__": return text.Append(content.GetString());
                case "__int__":
                    return text.Append(content.GetString() is { Length: <= LongInteger } digits
                        ? ValueComparer.Hexadecimal(digits).ToString(CultureInfo.InvariantCulture) : content.GetString());
                case "__complex__": return Items("complex(", content, ")");
                case "__fraction__": return Items("Fraction(", content, ")");
                case "__decimal__": return text.Append("Decimal(").Append(PythonText.Repr(content[0].GetString()!)).Append(')');
                case "__bytes__": return text.Append('b').Append(PythonText.Repr(content.GetString()!, ascii: true));
                case "__range__":
                    var (length, start) = (content[0].GetInt64(), content.GetArrayLength() > 1 ? content[1].GetInt64() : 0);
                    var step = content.GetArrayLength() > 2 ? content[2].GetInt64() : 1;
                    return text.Append(CultureInfo.InvariantCulture, $"range({start}, {start + length * step}{(step == 1 ? "" : $", {step}")})");
                case "__time__": return All(content[0].GetString() + "(", content.EnumerateArray().Skip(1), item => Write(item), ")");
                case "__opaque__": return text.Append('<').Append(content.GetString()).Append('>');
                case "__graph__":
                    graphs.Push(content[1].EnumerateArray().ToDictionary(row => row[0].GetInt32()));
                    Write(content[0]);
                    graphs.Pop();
                    return text;
                case "__object__": return Linked(content.GetInt32());
                case "__digest__": return text.Append(value.GetRawText());   // Python has no literal for it
                default: return All("{", value.EnumerateObject(), held => Pair(() => text.Append(PythonText.Repr(held.Name)), held.Value), "}");
            }
        }

        // As dataclasses are written: what stands around itself, what lies very deep and what comes after very much, as three dots.
        StringBuilder Linked(int number)
        {
            var row = (graphs.TryPeek(out var graph) ? graph : throw new KeyNotFoundException())[number];
            if (text.Length > Longest || around.Count == Deepest || !around.Add(number))
                return text.Append("...");
            All(row[1].GetString() + "(", row[2].EnumerateArray(), held => Attribute(held[0], held[1]), ")");
            around.Remove(number);
            return text;

            void Attribute(JsonElement name, JsonElement value)
            {
                text.Append(name.GetString()).Append('=');
                Write(value);
            }
        }

        StringBuilder Items(string open, JsonElement items, string close) => All(open, items.EnumerateArray(), item => Write(item), close);

        void Pair(Action key, JsonElement value)
        {
            key();
            text.Append(": ");
            Write(value);
        }

        StringBuilder All<T>(string open, IEnumerable<T> items, Action<T> write, string close)
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
            return text.Append(close);
        }
    }
}
