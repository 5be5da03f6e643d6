using System.Globalization;
using System.Text;

namespace Microsoft.Data.Analysis;

/// <summary>Comma-separated values: fields in quotes hold separators, newlines and doubled quotes; empty lines say nothing.</summary>
static class CsvText
{
    public static IEnumerable<string[]> Read(string text, char separator)
    {
        List<string> fields = [];
        var field = new StringBuilder();
        bool quoted = false, wasQuoted = false;
        for (var i = 0; i <= text.Length; i++)
        {
            var end = i == text.Length;
            if (!end && quoted)
            {
                if (text[i] != '"')
                    field.Append(text[i]);
                else if (i + 1 < text.Length && text[i + 1] == '"')
                    field.Append(text[i++]);
                else
                    quoted = false;
            }
            else if (!end && text[i] == '"' && string.IsNullOrWhiteSpace(field.ToString()) && !wasQuoted)
            {
                field.Clear();
                (quoted, wasQuoted) = (true, true);
            }
            else if (end || text[i] == separator || text[i] == '\n')
            {
                fields.Add(wasQuoted ? field.ToString() : field.ToString().Trim());
                field.Clear();
                wasQuoted = quoted = false;
                if (!end && text[i] == separator)
                    continue;
                if (fields is not [""])
                    yield return [.. fields];
                fields.Clear();
            }
            else if (!wasQuoted)
            {
                field.Append(text[i]);
            }
        }
    }

    public static string Cell(object? value, char separator, CultureInfo culture) => value switch
    {
        null => "",
        float single => single.ToString("G9", culture),
        double number => number.ToString("G17", culture),
        DateTime time => time.ToString(culture),
        string text when text.AsSpan().ContainsAny(separator, '\n', '"') => $"\"{text.Replace("\"", "\"\"")}\"",
        IFormattable formattable => formattable.ToString(null, culture),
        _ => value.ToString()!,
    };

    public static DataFrameColumn Column(string name, Type type) =>
        type == typeof(bool) ? new BooleanDataFrameColumn(name)
        : type == typeof(int) ? new Int32DataFrameColumn(name)
        : type == typeof(long) ? new Int64DataFrameColumn(name)
        : type == typeof(float) ? new SingleDataFrameColumn(name)
        : type == typeof(double) ? new DoubleDataFrameColumn(name)
        : type == typeof(DateTime) ? new DateTimeDataFrameColumn(name)
        : type == typeof(string) ? new StringDataFrameColumn(name)
        : throw new NotSupportedException($"Columns of {type} are not supported.");

    /// <summary>The narrowest type that fits every value that is there.</summary>
    public static Type GuessType(IEnumerable<string> values)
    {
        Type? guess = null;
        foreach (var value in values.Where(v => v.Length > 0 && !v.Equals("null", StringComparison.OrdinalIgnoreCase)))
        {
            var type = bool.TryParse(value, out _) ? typeof(bool) : float.TryParse(value, out _) ? typeof(float)
                : DateTime.TryParse(value, out _) ? typeof(DateTime) : typeof(string);
            guess = guess is null ? type : Order.First(candidate => candidate == guess || candidate == type);
        }
        return guess ?? typeof(string);
    }

    static readonly Type[] Order = [typeof(string), typeof(float), typeof(bool), typeof(DateTime)];

    /// <summary>Names, in which a second <c>a</c> is called <c>a.1</c>.</summary>
    public static string[] Distinct(string[] names) => [.. names.Select((name, i) => names.Take(i).Count(n => n == name) is var before and > 0 ? $"{name}.{before}" : name)];
}
