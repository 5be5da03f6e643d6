using System.Collections;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Html;
using Microsoft.DotNet.Interactive.Formatting;

namespace Rlef.Notebooks;

/// <summary>A collection of objects of one type as one table: a row an object, a column a property.</summary>
internal static class CollectionTable
{
    private static readonly Type[] NotRows =
        [typeof(IEnumerable), typeof(IHtmlContent), typeof(JsonNode), typeof(JsonElement), typeof(MemberInfo), typeof(Delegate), typeof(Task), typeof(Exception)];

    private const int MostRows = 500, MostLetters = 200;

    /// <summary>Makes such tables what every host shows of such collections.</summary>
    public static void Register()
    {
        Register("text/html", of => of.Table.ToHtml(of.Note));
        Register("text/plain", of => of.Table.ToPlainText() + of.Note);

        // Text is a collection of letters only to the type system.
        Formatter.Register<string>((text, writer) => writer.Write(text), "text/plain");

        static void Register(string mimeType, Func<(Table Table, string? Note), string> text)
        {
            // Of all values, which knows lists.
            var own = Formatter.RegisteredFormatters(includeDefaults: true).First(formatter => formatter.Type == typeof(object) && formatter.MimeType == mimeType);
            Formatter.Register<IEnumerable>((items, context) =>
            {
                if (Of(items) is not { } of) return own.Format(items, context);
                context.Writer.Write(text(of));
                return true;
            }, mimeType);
        }
    }

    /// <summary>The table, and a line that says if rows were left out; null for collections that the formatter's own list suits better: of numbers, text, other collections.</summary>
    public static (Table Table, string? Note)? Of(IEnumerable items)
    {
        if (items is string or IDictionary or IHtmlContent || items.GetType().GetInterfaces().Append(items.GetType()).Any(IsDictionary)) return null;
        var declared = items.GetType().GetInterfaces().Append(items.GetType())
            .Where(type => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IEnumerable<>)).Select(type => type.GetGenericArguments()[0]).ToList();
        if (declared.Count > 0 && !declared.Exists(type => HasColumns(type) || type == typeof(object) || type.IsInterface)) return null;
        // One more than is shown, so that a sequence without end is not run to it.
        var rows = items.Cast<object?>().Take(MostRows + 1).ToList();
        if (rows.Count == 0 || rows.Exists(row => row is null) || rows.Select(row => row!.GetType()).Distinct().Count() > 1 || !HasColumns(rows[0]!.GetType())) return null;

        var destructurer = Destructurer.GetOrCreate(rows[0]!.GetType());
        if (destructurer.Keys.Count == 0) return null;
        List<string> columns = [.. destructurer.Keys];
        var table = new Table(null, [.. columns]);
        foreach (var row in rows.Take(MostRows))
        {
            var values = destructurer.Destructure(row);
            table.Add([.. columns.Select(column => Cell(values[column]))]);
        }
        return (table, rows.Count > MostRows ? $"The first {MostRows} rows are shown." : null);
    }

    private static bool IsDictionary(Type type) =>
        type.IsGenericType && (type.GetGenericTypeDefinition() == typeof(IReadOnlyDictionary<,>) || type.GetGenericTypeDefinition() == typeof(IDictionary<,>));

    // A type that says itself how it is shown, or is written as one value, is no row of its properties.
    private static bool HasColumns(Type type) =>
        type is { IsPrimitive: false, IsEnum: false, IsPointer: false } && type != typeof(object) && !IsValue(type)
        && !Array.Exists(NotRows, other => other.IsAssignableFrom(type)) && !type.IsDefined(typeof(TypeFormatterSourceAttribute), inherit: true)
        && !Formatter.RegisteredFormatters(includeDefaults: false).Any(formatter => formatter.Type != typeof(IEnumerable) && formatter.Type.IsAssignableFrom(type));

    private static bool IsValue(Type type) =>
        typeof(IFormattable).IsAssignableFrom(type) || type == typeof(string) || type == typeof(bool) || type == typeof(Uri) || type == typeof(Estimate)
        || Nullable.GetUnderlyingType(type) is not null;

    private static object? Cell(object? value)
    {
        if (value is null || IsValue(value.GetType()) && value is not string) return value;
        var text = value as string ?? value.ToDisplayString(PlainTextSummaryFormatter.MimeType);
        return text.Length > MostLetters ? text[..MostLetters] + "…" : text;
    }
}
