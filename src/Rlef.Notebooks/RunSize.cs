using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Microsoft.DotNet.Interactive.Formatting;
using Rlef.Notebooks.Documents;

namespace Rlef.Notebooks;

/// <summary>
/// How large a notebook's run is beside the size that its conclusions need: small, full where the environment variable RLEF_FULL is 1,
/// and each setting by a variable of its own. A notebook shows it under its parameters; a report repeats it at its head and on the
/// index where the run is smaller.
/// </summary>
[TypeFormatterSource(typeof(DisplayFormatters), PreferredMimeTypes = ["text/html", "text/plain"])]
public sealed class RunSize : IDisplayable
{
    private const string ReducedMark = "Reduced run: ";
    private readonly List<(string Name, int Value, int Full)> _settings = [];

    /// <summary>Whether the full size is asked for.</summary>
    public bool IsFull { get; } = Environment.GetEnvironmentVariable("RLEF_FULL") == "1";

    /// <summary>Whether some setting lies below its full size.</summary>
    public bool IsReduced => _settings.Exists(setting => setting.Value < setting.Full);

    /// <summary>A setting's value in this run.</summary>
    /// <param name="variable">The environment variable that sets it.</param>
    /// <param name="name">What it counts, in the plural.</param>
    /// <exception cref="ArgumentException">The variable holds no whole number above 0.</exception>
    public int Setting(string variable, string name, int small, int full)
    {
        var value = IsFull ? full : small;
        if (Environment.GetEnvironmentVariable(variable) is { Length: > 0 } given && !(int.TryParse(given, CultureInfo.InvariantCulture, out value) && value > 0))
            throw new ArgumentException($"{variable} is '{given}'; it takes a whole number above 0.", nameof(variable));
        _settings.Add((name, value, full));
        return value;
    }

    /// <summary>What a cell's output says of a reduced run, null if it says nothing of one.</summary>
    public static string? Reduced(JsonNode? output) =>
        output?["data"] is JsonObject data && NotebookCell.Text(data["text/plain"]) is var text && text.StartsWith(ReducedMark, StringComparison.Ordinal) ? text.Trim() : null;

    public string ToPlainText()
    {
        var sizes = string.Join(", ", _settings.Select(setting => string.Create(CultureInfo.InvariantCulture,
            $"{setting.Value:N0} {(setting.Value < setting.Full ? $"of {setting.Full.ToString("N0", CultureInfo.InvariantCulture)} " : "")}{setting.Name}")));
        return IsReduced ? $"{ReducedMark}{sizes}. It shows that everything works; conclusions need the full size (RLEF_FULL=1)." : $"Full size: {sizes}.";
    }

    public string ToHtml() =>
        $"<p{(IsReduced ? " style=\"border-left:4px solid #d55e00;padding:.2em .8em;margin:.5em 0\"" : "")}>{WebUtility.HtmlEncode(ToPlainText())}</p>";

    public override string ToString() => ToPlainText();
}
