using System.Collections;
using System.Globalization;
using System.Text.Json.Nodes;

namespace Plotly.NET;

/// <summary>Series with their layout and configuration.</summary>
public sealed class GenericChart
{
    private readonly IReadOnlyList<Trace> _traces;
    private readonly Layout _layout;
    private readonly Config _config;

    private GenericChart(IReadOnlyList<Trace> traces, Layout layout, Config config)
    {
        _traces = traces;
        _layout = layout;
        _config = config;
    }

    public static GenericChart ofTraceObject(bool useDefaults, Trace trace) => ofTraceObjects(useDefaults, [trace]);

    public static GenericChart ofTraceObjects(bool useDefaults, IEnumerable<Trace> traces) => new([.. traces], new Layout(), new Config());

    public static IEnumerable<Trace> getTraces(GenericChart gChart) => gChart._traces;

    public static Layout getLayout(GenericChart gChart) => gChart._layout;

    public static Config getConfig(GenericChart gChart) => gChart._config;

    public static GenericChart combine(IEnumerable<GenericChart> gCharts)
    {
        var charts = gCharts.ToList();
        if (charts.Count == 0) throw new ArgumentException("The input sequence was empty.", nameof(gCharts));
        var (layout, config) = (new Layout(), new Config());
        foreach (var chart in charts)
        {
            foreach (var (name, value) in chart._layout.GetProperties(false)) layout.SetValue(name, value);
            foreach (var (name, value) in chart._config.GetProperties(false)) config.SetValue(name, value);
        }
        return new GenericChart([.. charts.SelectMany(chart => chart._traces)], layout, config);
    }

    /// <summary>The chart as JSON: <c>data</c>, <c>layout</c> and <c>config</c>.</summary>
    public static string toJson(GenericChart gChart) => new JsonObject
    {
        ["data"] = new JsonArray([.. gChart._traces.Select(ToNode)]),
        ["layout"] = ToNode(gChart._layout),
        ["config"] = ToNode(gChart._config),
    }.ToJsonString();

    private static JsonNode? ToNode(object? value)
    {
        switch (value)
        {
            case null: return null;
            case string or char: return value.ToString();
            case bool flag: return flag;
            case double number: return double.IsFinite(number) ? number : null;
            case float number: return float.IsFinite(number) ? number : null;
            case int or long or short or byte: return Convert.ToInt64(value, CultureInfo.InvariantCulture);
            case DynamicObj.DynamicObj members:
                var json = new JsonObject();
                if (value is Trace trace) json["type"] = trace.type;
                foreach (var (name, member) in members.GetProperties(true)) json[name] = ToNode(member);
                return json;
            case IDictionary members:
                var map = new JsonObject();
                foreach (DictionaryEntry member in members) map[member.Key.ToString()!] = ToNode(member.Value);
                return map;
            case IEnumerable items: return new JsonArray([.. items.Cast<object?>().Select(ToNode)]);
            default: return value.ToString();
        }
    }
}
