using System.Globalization;
using System.Text.RegularExpressions;

namespace Rlef.Policy;

/// <summary>A template's variables: those of a loop or macro hide the outer ones and end with it.</summary>
sealed partial class TemplateScope(TemplateScope? outer)
{
    const int MaxSteps = 1_000_000, MaxDepth = 100;

    readonly Dictionary<string, object?> values = [];
    readonly Budget budget = outer?.budget ?? new();

    sealed class Budget { public int Steps, Depth; }

    /// <summary>Whether the loop was left, or its round.</summary>
    public bool Broken { get; set; }
    public bool Skipped { get; set; }

    public object? this[string name]
    {
        get => values.TryGetValue(name, out var value) ? value : outer is null ? TemplateValue.Undefined : outer[name];
        set => values[name] = value;
    }

    /// <summary>Counts work, so that a template cannot go on for ever.</summary>
    public void Step()
    {
        if (++budget.Steps > MaxSteps)
            throw new TemplateException("the template does not come to an end.");
    }

    public T Nested<T>(Func<T> work)
    {
        if (++budget.Depth > MaxDepth)
            throw new TemplateException("macros call each other too deeply.");
        var result = work();
        budget.Depth--;
        return result;
    }

    public static TemplateScope Global() => new(null)
    {
        ["namespace"] = (TemplateFunction)((_, named) => new TemplateNamespace(named)),
        ["dict"] = (TemplateFunction)((_, named) => new Dictionary<string, object?>(named)),
        ["raise_exception"] = (TemplateFunction)((arguments, _) => throw new TemplateException(TemplateValue.Text(arguments.FirstOrDefault()))),
        ["strftime_now"] = (TemplateFunction)((arguments, _) => Date(TemplateValue.Text(arguments.FirstOrDefault()))),
        ["range"] = (TemplateFunction)((arguments, _) => Range([.. arguments.Select(TemplateValue.Integer)])),
    };

    static object? Range(long[] a)
    {
        var (start, stop, step) = a.Length switch { 1 => (0, a[0], 1), 2 => (a[0], a[1], 1), 3 when a[2] != 0 => (a[0], a[1], a[2]), _ => throw new TemplateException("range needs one to three numbers.") };
        List<object?> numbers = [];
        for (var i = start; step > 0 ? i < stop : i > stop; i += step)
            if (numbers.Count < 100_000)
                numbers.Add(i);
            else
                throw new TemplateException("a range of more than 100,000 numbers.");
        return numbers;
    }

    [GeneratedRegex("%-?.?", RegexOptions.Singleline)]
    private static partial Regex DateCode { get; }

    // A lone letter would be a standard format of .NET's.
    static readonly Dictionary<string, string> DateParts = new()
    {
        ["%a"] = "ddd", ["%A"] = "dddd", ["%b"] = "MMM", ["%B"] = "MMMM", ["%d"] = "dd", ["%-d"] = "%d", ["%m"] = "MM", ["%-m"] = "%M", ["%y"] = "yy", ["%Y"] = "yyyy",
        ["%H"] = "HH", ["%I"] = "hh", ["%M"] = "mm", ["%S"] = "ss", ["%p"] = "tt", ["%F"] = "yyyy-MM-dd", ["%T"] = "HH:mm:ss",
    };

    static string Date(string format)
    {
        var now = DateTime.Now;
        return DateCode.Replace(format, code => code.Value switch
        {
            "%%" => "%",
            "%j" => now.DayOfYear.ToString("000", CultureInfo.InvariantCulture),
            _ when DateParts.TryGetValue(code.Value, out var part) => now.ToString(part, CultureInfo.InvariantCulture),
            _ => throw new TemplateException($"strftime_now does not know {code.Value}."),
        });
    }
}
