using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Html;
using Microsoft.Data.Analysis;
using Microsoft.DotNet.Interactive.Formatting;
using Plotly.NET;
using Rlef.Notebooks.Figures;
using Rlef.Notebooks.Jupyter;

namespace Rlef.Notebooks.Engine;

/// <summary>
/// Registers how this library's values are shown, in whatever host loads it: the registration is the module's initialiser, so a
/// notebook in .NET Interactive needs no call for it.
/// </summary>
public static class NotebookFormatters
{
    /// <summary>Runs the module's initialiser if nothing has touched the library yet.</summary>
    public static void EnsureRegistered() => RuntimeHelpers.RunModuleConstructor(typeof(NotebookFormatters).Module.ModuleHandle);

#pragma warning disable CA2255 // A library initialiser is what makes the formatters known without a call.
    [ModuleInitializer]
    internal static void Register()
#pragma warning restore CA2255
    {
        PlotlyAssemblies.Prepare();
        // Every value has its plain text beside its HTML, for reports and for readers of the file.
        Formatter.SetPreferredMimeTypesFor(typeof(object), "text/html", "text/plain");
        Formatter.SetPreferredMimeTypesFor(typeof(string), "text/plain");
        Formatter.SetPreferredMimeTypesFor(typeof(IHtmlContent), "text/html");
        RegisterCharts();
        InterruptListener.Start();
    }

    // A method of its own: compiling it loads Plotly.NET.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void RegisterCharts()
    {
        Formatter.Register<GenericChart>(chart => PlotlyScript.ForPage() + FigureMarkup.Html(Json(chart)), "text/html");
        Formatter.Register<GenericChart>(chart => GenericChart.toJson(chart), FigureMarkup.MimeType);
        Formatter.Register<GenericChart>(chart => FigureMarkup.Description(Json(chart)), "text/plain");
        Formatter.SetPreferredMimeTypesFor(typeof(GenericChart), "text/html", FigureMarkup.MimeType, "text/plain");
        Formatter.Register<DataFrame>(FrameMarkup.Html, "text/html");
        Formatter.Register<DataFrame>(FrameMarkup.PlainText, "text/plain");
        Formatter.SetPreferredMimeTypesFor(typeof(DataFrame), "text/html", "text/plain");
        CollectionTable.Register();

        static JsonNode Json(GenericChart chart) => JsonNode.Parse(GenericChart.toJson(chart))!;
    }
}
